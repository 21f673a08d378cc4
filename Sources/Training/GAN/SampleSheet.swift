import GANs
import ImageDatasets
import Images
import Tensors

extension Sampler {
  /// What the generator makes at a glance: rows of pictures, a row for each class where it knows
  /// some; or many points in one picture.
  ///
  /// The noise is always the same, so sheets of a run can be compared.
  ///
  /// - Parameter batch: How many pictures are made at once.
  func sheet(of source: SampleSource, batch: Int) -> Image {
    switch source {
    case .points(let mixture): mixture.plot(samples(noise(0..<2000, seed: 0)))
    case .pictures(let pictures): sheet(rows: rows(labels: pictures.labels.count), batch: batch)
    }
  }

  /// Pictures in rows of eight, made of the first noise of seed 0.
  private func sheet(rows: [[(number: Int, label: Int)]], batch: Int) -> Image {
    let cells = rows.flatMap { $0 }
    let made = samples(cells.map(\.number), seed: 0, labels: cells.map(\.label), batch: batch)
    let pictures = cells.indices.map { Image(made, index: $0) }
    let columns = rows[0].count
    return Image.grid(
      rows: rows.indices.map { Array(pictures[$0 * columns..<($0 + 1) * columns]) }, gap: 2)
  }

  /// Eight rows of eight; or a row for each class, at most ten, in which columns share their noise.
  private func rows(labels: Int) -> [[(number: Int, label: Int)]] {
    guard description.classes > 0 else {
      return (0..<8).map { row in (0..<8).map { (8 * row + $0, 0) } }
    }
    return (0..<min(10, labels)).map { label in (0..<8).map { ($0, label) } }
  }
}
