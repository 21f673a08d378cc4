import Autograd
import ConvolutionCore
import GANs
import ImageDatasets
import Layers
import Tensors

/// Evaluates a generator over one picture, layer by layer and strip by strip, so that the result is
/// that of the whole picture in a part of the memory.
///
/// Instance norm needs all rows of a map before it can change the first, so each convolution goes
/// over the whole map, in strips, before the next one begins. Its result waits in memory if there
/// is room, else it is computed again for each use if that is cheap, else it waits in a file.
package final class StripEvaluation: StripEvaluator {
  package typealias Rows = RowSource

  private let backend: any Backend & StripOperations
  private let scratchFolder: String
  private let stripBytes: Int
  private let stores: StorePool
  private let normMemory: NormMemory?

  /// Convolutions of so few multiplications for an element are faster done again than written to a
  /// file and read.
  private static let cheapMultiplications = 600

  /// Prepares an evaluation.
  ///
  /// - Parameters:
  ///   - backend: The device that computes.
  ///   - memory: Bytes that strips and stored maps may take.
  ///   - scratchFolder: Where maps are stored that do not fit.
  ///   - normMemory: What norms measured of earlier frames, if the picture is the next one.
  package init(
    on backend: any Backend & StripOperations, memory: Int, scratchFolder: String,
    remembering normMemory: NormMemory? = nil
  ) {
    self.backend = backend
    self.normMemory = normMemory
    self.scratchFolder = scratchFolder
    // Freed strips stay with the tensors' pool, half as many bytes as are in use.
    stripBytes = min(memory / 4, 1 << 29)
    stores = StorePool(room: memory / 2)
  }

  /// See `StripEvaluator.layer`.
  package func layer(_ layer: StripLayer, of x: RowSource, residual: RowSource?, isCheap: Bool)
    throws
    -> RowSource
  {
    let raw = ConvolvedRows(x, layer, on: backend)
    let multiplications = layer.reach.multiplications(inputChannels: x.channels)
    let isRepeated = isCheap && multiplications <= Self.cheapMultiplications
    let store = try stores.memory(for: raw) ?? (isRepeated ? nil : file(for: raw))
    let waiting = store.map { StoredRows($0) } ?? raw
    switch layer.norm {
    case .local(let norm):
      if let store { try goOver(raw, storingIn: store) { _ in } }
      return local(norm, layer.activation, waiting, residual)
    case .instance(let epsilon):
      var moments: ChannelMoments?
      try goOver(raw, storingIn: store) { strip in
        var sums = moments ?? ChannelMoments(startingAt: strip)
        sums.add(strip, on: backend)
        moments = sums
      }
      guard let measured = moments?.statistics(epsilon: epsilon) else {
        preconditionFailure("a map without rows")
      }
      return NormalizedRows(
        waiting, normMemory?.blended(measured) ?? measured, activation: layer.activation,
        residual: residual, on: backend)
    }
  }

  /// See `StripEvaluator.lastLayer`.
  package func lastLayer(_ layer: StripLayer, of x: RowSource) -> RowSource {
    guard case .local(let norm) = layer.norm else {
      preconditionFailure("a norm over all rows after the last layer")
    }
    return local(norm, layer.activation, ConvolvedRows(x, layer, on: backend), nil)
  }

  /// See `StripEvaluator.kept`.
  package func kept(_ x: RowSource) throws -> RowSource {
    // A residual is read row by row as its sum is written: the sum can take its place.
    if let sum = x as? NormalizedRows, let residual = sum.residual as? KeptRows,
      sum.input is StoredRows
    {
      return KeptRows(x, in: residual.store)
    }
    return KeptRows(x, in: try stores.memory(for: x) ?? file(for: x))
  }

  /// See `StripEvaluator.map`.
  package func map(_ function: Pointwise, _ x: RowSource) -> RowSource {
    let backend = backend
    return ChangedRows([x], channels: x.channels) { backend.map(function, $0[0]) }
  }

  /// See `StripEvaluator.concatenated`.
  package func concatenated(_ parts: [RowSource]) -> RowSource {
    let backend = backend
    return ChangedRows(parts, channels: parts.reduce(0) { $0 + $1.channels }) {
      backend.concatenateChannels($0)
    }
  }

  private func local(
    _ norm: any Normalization, _ activation: Activation, _ x: RowSource, _ residual: RowSource?
  ) -> RowSource {
    let backend = backend
    return ChangedRows([x] + (residual.map { [$0] } ?? []), channels: x.channels) { parts in
      let tape = Tape(inference: backend)
      let residual = parts.count > 1 ? tape.constant(parts[1]) : nil
      return norm(tape.constant(parts[0]), activation: activation, residual: residual).value
    }
  }

  private func file(for rows: RowSource) throws(TranslationError) -> RowStore {
    try RowStore(
      height: rows.height, width: rows.width, channels: rows.channels, folder: scratchFolder)
  }
}

// MARK: - Strips

extension StripEvaluation {
  /// Calls `body` with all rows of a map, from the top, in strips.
  package func goOver(_ source: RowSource, _ body: (Tensor) throws -> Void) throws {
    try goOver(source, storingIn: nil, body)
  }

  /// Calls `body` with all rows of a map; the last strip is being stored while the next one is made.
  private func goOver(
    _ source: RowSource, storingIn store: RowStore?, _ body: (Tensor) throws -> Void
  ) throws {
    let step = stripRows(source)
    var writing: Pending<Void>?
    for first in stride(from: 0, to: source.height, by: step) {
      let strip = try source.rows(first..<min(first + step, source.height))
      try writing?.value()
      writing = store.map { store in Pending { try store.write(strip, from: first) } }
      try body(strip)
    }
    try writing?.value()
  }

  /// As many rows as memory allows.
  private func stripRows(_ source: RowSource) -> Int {
    var rows = 1
    // Twice the strip itself: the one before it is still being stored.
    while rows < source.height,
      source.workingBytes(rows: 2 * rows) + source.bytes(rows: 2 * rows) <= stripBytes
    { rows *= 2 }
    // With a row above and below, a 3×3 convolution then fills Winograd's tiles.
    return rows < source.height && rows >= 8 ? rows - 2 : rows
  }
}

/// Memory for maps, as long as there is room.
private final class StorePool {
  private var room: Int
  private var lent: [(bytes: Int, store: WeakStore)] = []

  private struct WeakStore {
    weak var store: RowStore?
  }

  init(room: Int) { self.room = room }

  /// A store in memory for a map; nil if there is no room for it.
  func memory(for rows: RowSource) -> RowStore? {
    lent.removeAll { bytes, reference in
      guard reference.store == nil else { return false }
      room += bytes
      return true
    }
    let bytes = rows.bytes(rows: rows.height)
    guard bytes <= room else { return nil }
    let store = RowStore(height: rows.height, width: rows.width, channels: rows.channels)
    lent.append((bytes, WeakStore(store: store)))
    room -= bytes
    return store
  }
}
