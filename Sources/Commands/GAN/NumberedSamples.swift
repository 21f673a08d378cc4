import CycleGANKit

/// Samples of a generator, numbered from 0, each with its class.
struct NumberedSamples {
  /// Samples made at once: enough for the kernels, little enough for the memory.
  private static let batch = 64

  private let sampler: Sampler
  private let seed: UInt64
  /// The class of each.
  let labels: [Int]

  /// - Parameters:
  ///   - sampler: What makes them.
  ///   - seed: Another seed, other samples.
  ///   - labels: The class of each, where the generator knows some.
  init(_ sampler: Sampler, seed: UInt64, labels: [Int]) {
    self.sampler = sampler
    self.seed = seed
    self.labels = labels
  }

  /// All pictures, one after the other.
  func forEachPicture(_ body: (_ number: Int, _ label: Int, Image) throws -> Void) rethrows {
    try forEachBatch { numbers, made in
      for (index, number) in numbers.enumerated() {
        try body(number, labels[number], Image(made, index: index))
      }
    }
  }

  /// All pictures in rows, about as many rows as columns.
  var grid: Image {
    var pictures: [Image] = []
    forEachPicture { pictures.append($2) }
    let columns = Int(Double(pictures.count).squareRoot().rounded(.up))
    return Image.grid(
      rows: stride(from: 0, to: pictures.count, by: columns).map {
        Array(pictures[$0..<min($0 + columns, pictures.count)])
      }, gap: 2)
  }

  /// A row for each sample: ten pictures on the way to the next one, with the row's class.
  var ways: Image {
    let steps = 10
    return Image.grid(
      rows: labels.indices.map { row in
        let way = sampler.way(
          from: sampler.noise([row], seed: seed), to: sampler.noise([row + 1], seed: seed),
          steps: steps)
        let made = sampler.samples(way, labels: [Int](repeating: labels[row], count: steps))
        return (0..<steps).map { Image(made, index: $0) }
      }, gap: 2)
  }

  /// The generator in a run folder or model file.
  static func sampler(of path: String, on backend: any Backend) throws -> (SamplerFile, Sampler) {
    let path = try ModelLocator.modelFile(at: path)
    let file = try SamplerFile.read(path)
    do {
      return (file, try Sampler(file, on: backend))
    } catch {
      throw TrainingError.unfitWeights(file: path, problem: "\(error)")
    }
  }

  /// All points, `[N, 1, 1, 2]`.
  var points: Tensor {
    sampler.samples(Array(labels.indices), seed: seed, labels: labels, batch: Self.batch)
  }

  /// Points as lines `x,y` below a heading.
  var table: String {
    var lines = ["x,y"]
    forEachBatch { numbers, made in
      for index in numbers.indices { lines.append("\(made[2 * index]),\(made[2 * index + 1])") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func forEachBatch(_ body: ([Int], Tensor) throws -> Void) rethrows {
    for start in stride(from: 0, to: labels.count, by: Self.batch) {
      let numbers = Array(start..<min(start + Self.batch, labels.count))
      let made = sampler.samples(
        sampler.noise(numbers, seed: seed), labels: numbers.map { labels[$0] })
      try body(numbers, made)
    }
  }
}
