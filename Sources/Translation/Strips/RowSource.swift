import ConvolutionCore
import GANs
import Images
import Layers
import Tensors

/// A map of activations that can give any of its rows.
package class RowSource {
  let height: Int, width: Int, channels: Int

  init(height: Int, width: Int, channels: Int) {
    (self.height, self.width, self.channels) = (height, width, channels)
  }

  /// Rows as `[1, rows, width, channels]`.
  func rows(_ range: Range<Int>) throws -> Tensor {
    preconditionFailure("\(type(of: self)) gives no rows")
  }

  /// Bytes of memory that are in use at once while so many rows are made, these included.
  func workingBytes(rows: Int) -> Int { bytes(rows: rows) }

  /// Bytes of so many rows.
  final func bytes(rows: Int) -> Int { rows * width * channels * MemoryLayout<Float>.stride }
}

/// The rows of a picture, mirrored at its right and bottom edge up to a size.
package final class PictureRows: RowSource {
  private let pixels: Pixels

  package init(_ pixels: Pixels, height: Int, width: Int, channels: Int) {
    self.pixels = pixels
    super.init(height: height, width: width, channels: channels)
  }

  override func rows(_ range: Range<Int>) -> Tensor {
    pixels.activations(rows: range, columns: width, channels: channels)
  }
}

/// Rows that were stored.
final class StoredRows: RowSource {
  let store: RowStore

  init(_ store: RowStore) {
    self.store = store
    super.init(height: store.height, width: store.width, channels: store.channels)
  }

  override func rows(_ range: Range<Int>) throws -> Tensor {
    var strip = Tensor(
      uninitialized: Shape(batch: 1, height: range.count, width: width, channels: channels))
    try store.read(range, into: &strip)
    return strip
  }
}

/// What a convolution makes of other rows, carried out for each use.
final class ConvolvedRows: RowSource {
  private let input: RowSource
  private let layer: StripLayer
  private let backend: any Backend

  init(_ input: RowSource, _ layer: StripLayer, on backend: any Backend) {
    self.input = input
    self.layer = layer
    self.backend = backend
    super.init(
      height: layer.reach.output(of: input.height), width: layer.reach.output(of: input.width),
      channels: layer.outputChannels)
  }

  override func rows(_ range: Range<Int>) throws -> Tensor {
    let needed = layer.reach.input(for: range, of: input.height)
    let first = layer.reach.firstOutput(ofRowsFrom: needed.lowerBound)
    let made = layer.convolution(try input.rows(needed), on: backend)
    return made.rows(range.lowerBound - first..<range.upperBound - first)
  }

  override func workingBytes(rows: Int) -> Int {
    let needed = layer.reach.input(for: 0..<rows, of: .max).count + 4
    // The convolution's padded or transformed copy of its input, its output with the rows that are
    // of no use, and the rows without these.
    return input.workingBytes(rows: needed) + 2 * input.bytes(rows: needed)
      + 2 * bytes(rows: rows + 8)
  }
}

/// Rows normalized by what was measured of all of them, activated, and added to others.
final class NormalizedRows: RowSource {
  /// What is normalized.
  let input: RowSource
  /// What is added.
  let residual: RowSource?
  private let statistics: NormStatistics
  private let activation: Activation
  private let backend: any Backend

  init(
    _ input: RowSource, _ statistics: NormStatistics, activation: Activation,
    residual: RowSource?, on backend: any Backend
  ) {
    self.input = input
    self.residual = residual
    self.statistics = statistics
    self.activation = activation
    self.backend = backend
    super.init(height: input.height, width: input.width, channels: input.channels)
  }

  override func rows(_ range: Range<Int>) throws -> Tensor {
    var result = backend.normalize(
      try input.rows(range), using: statistics, scale: nil, shift: nil, activation: activation)
    if let residual { backend.accumulate(&result, adding: try residual.rows(range)) }
    return result
  }

  override func workingBytes(rows: Int) -> Int {
    input.workingBytes(rows: rows) + bytes(rows: rows)
      + (residual.map { $0.workingBytes(rows: rows) } ?? 0)
  }
}

/// Rows changed by something that needs no other rows.
final class ChangedRows: RowSource {
  private let inputs: [RowSource]
  private let change: ([Tensor]) -> Tensor

  init(_ inputs: [RowSource], channels: Int, _ change: @escaping ([Tensor]) -> Tensor) {
    self.inputs = inputs
    self.change = change
    super.init(height: inputs[0].height, width: inputs[0].width, channels: channels)
  }

  override func rows(_ range: Range<Int>) throws -> Tensor {
    change(try inputs.map { try $0.rows(range) })
  }

  override func workingBytes(rows: Int) -> Int {
    inputs.reduce(bytes(rows: rows)) { $0 + $1.workingBytes(rows: rows) }
  }
}

/// Rows that are stored when they are first asked for, from the top to the bottom.
final class KeptRows: RowSource {
  /// Where they are stored.
  let store: RowStore
  private var input: RowSource?
  private var done = 0

  init(_ input: RowSource, in store: RowStore) {
    self.input = input
    self.store = store
    super.init(height: input.height, width: input.width, channels: input.channels)
  }

  override func rows(_ range: Range<Int>) throws -> Tensor {
    precondition(range.lowerBound <= done, "rows \(range) after the first \(done)")
    var strip = Tensor(
      uninitialized: Shape(batch: 1, height: range.count, width: width, channels: channels))
    let known = range.lowerBound..<min(done, range.upperBound)
    try store.read(known, into: &strip)
    guard let input, range.upperBound > done else { return strip }
    let fresh = try input.rows(done..<range.upperBound)
    try store.write(fresh, from: done)
    try store.read(known.upperBound..<range.upperBound, into: &strip, at: known.count)
    done = range.upperBound
    // What the rows were made of is needed no longer.
    if done == height { self.input = nil }
    return strip
  }

  override func workingBytes(rows: Int) -> Int {
    bytes(rows: rows) + (input.map { $0.workingBytes(rows: rows) } ?? 0)
  }
}
