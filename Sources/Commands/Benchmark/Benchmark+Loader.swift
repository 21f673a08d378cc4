import CycleGANKit
import Files

/// Pictures on their way into a training.
extension Benchmark {
  /// Measures what the loader does to each picture: decode, scale to the load size (286 for 256),
  /// crop at random, flip by chance.
  func loaderMeasurement() throws -> Measurement {
    let (bytes, name) = try pictureFile()
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

  /// The bytes of the picture that was given, or of a landscape, and what errors call it.
  func pictureFile() throws -> (bytes: [UInt8], name: String) {
    if let picture { return (try WholeFile.read(picture), picture) }
    let scene = Seasons.scene(seed: 1, index: 0)
    let landscape = scene.picture(season: .summer, width: size, height: size)
    return (try JPEG.encode(landscape), "drawn landscape")
  }
}
