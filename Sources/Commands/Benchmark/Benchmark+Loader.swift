import CycleGANKit
import Files

/// Pictures on their way into a training.
extension Benchmark {
  /// Measures what the loader does to each picture: decode, scale to the load size (286 for 256),
  /// crop at random, flip by chance.
  func loaderMeasurement() throws -> Measurement {
    let name = picture ?? "drawn landscape"
    let bytes = try picture.map { path in try WholeFile.read(path) } ?? landscape()
    let loadSize = TrainingOptions.loadSize(for: size)
    let pipeline = Pipeline([
      Resize(width: loadSize, height: loadSize), RandomCrop(width: size, height: size),
      HorizontalFlip(),
    ])
    var index = 0
    let times = try BenchmarkTimes(repeats: repeats) {
      let picture = try ImageFile.decode(bytes, name: name).converted(toChannels: 3)
      _ = try pipeline.apply(to: picture, seed: 1, index: index)
      index += 1
    }
    var result = measurement(.loader, times, threads: 1)
    result.picturesPerSecond = (1000 / times.median).rounded(toDigits: 1)
    return result
  }

  private func landscape() throws -> [UInt8] {
    let scene = Seasons.scene(seed: 1, index: 0)
    return try JPEG.encode(scene.picture(season: .summer, width: size, height: size))
  }
}
