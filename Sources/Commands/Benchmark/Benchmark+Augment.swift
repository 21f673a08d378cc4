import CycleGANKit

/// The operations of a recipe, one at a time.
extension Benchmark {
  /// Measures each operation of the recipe, applied always; groups are opened.
  func augmentMeasurements() throws -> [Measurement] {
    let (bytes, name) = try pictureFile()
    let picture = try ImageFile.decode(bytes, name: name).converted(toChannels: 3)
    return try recipe.operations.map { operation in
      var operation = operation
      operation.probability = 1
      let pipeline = Pipeline([operation])
      var index = 0
      let times = try BenchmarkTimes(repeats: repeats) {
        _ = try pipeline.apply(to: picture, seed: 1, index: index)
        index += 1
      }
      var result = measurement(.augment, times, threads: 1)
      result.operation = type(of: operation).name
      result.picturesPerSecond = (1000 / times.median).rounded(toDigits: 1)
      return result
    }
  }
}
