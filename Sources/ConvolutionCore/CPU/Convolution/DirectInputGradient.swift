import CKernels
import Tensors

extension CPUBackend {
  /// The input gradient by residue classes of the stride.
  ///
  /// Input position `y` meets output `o` through tap `k` where `y + padding = stride · o + k`, so
  /// the positions of one residue class see the taps of one class only: `stride²` small stride-1
  /// products over `dy` with no wasted multiplications. Within a class a larger tap meets an
  /// earlier output; read backwards, a filter row is again one run of floats.
  func directInputGradient(_ dy: Tensor, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry)
    -> Tensor
  {
    let result = Tensor(uninitialized: g.inputShape)
    withExtendedLifetime((dy, result)) {
      guard g.reflects else {
        inputGradient(dy.map, filter: filter, bias: bias, g, offset: g.padding, into: result.map)
        return
      }
      precondition(bias == nil, "a bias on the gradient of a mirrored convolution")
      Map.with(
        batch: g.batch, height: g.paddedHeight, width: g.paddedWidth, channels: g.inputChannels
      ) { padded in
        inputGradient(dy.map, filter: filter, bias: nil, g, offset: 0, into: padded)
        pool.folded(padded, margin: g.padding, into: result.map)
      }
    }
    return result
  }

  /// The gradient of the pixels of `target`, whose first stands `offset` pixels into the padded
  /// picture.
  private func inputGradient(
    _ dy: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, offset: Int,
    into target: Map
  ) {
    guard !isNarrow(outputs: g.inputChannels, g) else {
      narrowInputGradient(dy, filter: filter, bias: bias, g, offset: offset, into: target)
      return
    }
    let rows = ResidueClass.all(kernel: g.kernelHeight, stride: g.stride, offset: offset)
    let columns = ResidueClass.all(kernel: g.kernelWidth, stride: g.stride, offset: offset)
    let margins = Margins(
      top: rows.map { $0.marginBefore }.max() ?? 0,
      left: columns.map { $0.marginBefore }.max() ?? 0,
      bottom: rows.map { $0.marginAfter(extent: target.height, outputs: dy.height) }.max() ?? 0,
      right: columns.map { $0.marginAfter(extent: target.width, outputs: dy.width) }.max() ?? 0)
    pool.withPadded(dy, margins, reflecting: false) { source in
      if let winograd = WinogradRows(for: g, on: self) {
        let weights = filter.storage.derived("points backward") {
          packedBackward(
            winograd.atPoints(filter, isTurned: true), rows: Array(0..<WinogradRows.points),
            columns: columns[0].taps)
        }
        winograd.convolution(
          source, weights: weights, depth: g.kernelWidth * g.outputChannels, bias: bias,
          into: target, pool)
        return
      }
      let biases = panelBias(bias)
      run(
        rows.flatMap { row in
          columns.compactMap { column in
            product(row, column, filter: filter, g, source, margins, bias: biases, into: target)
          }
        })
    }
  }

  private func product(
    _ row: ResidueClass, _ column: ResidueClass, filter: Tensor, _ g: ConvolutionGeometry,
    _ source: Map, _ margins: Margins, bias: Workspace?, into target: Map
  ) -> RowProduct? {
    let rows = row.count(extent: target.height), columns = column.count(extent: target.width)
    guard rows > 0, columns > 0 else { return nil }
    // Classes without taps (stride > kernel) still write their pixels: nothing, or the bias.
    let hasTaps = !row.taps.isEmpty && !column.taps.isEmpty
    let start = hasTaps ? (column.firstOutput + margins.left) * source.channels : 0
    return RowProduct(
      source: source.pointer, sourcePicture: source.picture, sourceRow: source.row,
      sourcePixel: source.channels,
      taps: hasTaps
        ? row.taps.indices.map { (row.firstOutput + $0 + margins.top) * source.row + start } : [],
      depth: column.taps.count * source.channels,
      weights: filter.storage.derived(
        "backward rows \(row.taps) \(column.taps) of \(g.kernelHeight)×\(g.kernelWidth)"
      ) {
        packedBackward(filter, rows: row.taps, columns: column.taps)
      },
      target: target.pointer + row.start * target.row + column.start * target.channels,
      targetPicture: target.picture, targetRow: g.stride * target.row,
      targetPixel: g.stride * target.channels, batch: g.batch, rows: rows, columns: columns,
      channels: g.inputChannels, bias: bias)
  }

  /// `[I / 16][taps][taps · O][16]` from `[I, KH, KW, O]`, taps in the order given.
  private func packedBackward(_ filter: Tensor, rows: [Int], columns: [Int]) -> TensorStorage {
    let inputs = filter.shape[0], outputs = filter.shape[3]
    let panel = rows.count * columns.count * outputs * 16
    let panels = blocks(of: 16, covering: inputs)
    let packed = TensorStorage(count: max(1, panels * panel))
    let target = packed.pointer
    let inputStride = filter.count / inputs
    filter.withPointer { source in
      pool.forEach(panels) { block in
        var to = target + block * panel
        let valid = min(16, inputs - block * 16)
        for ky in rows {
          for kx in columns {
            let from =
              source + block * 16 * inputStride + (ky * filter.shape[2] + kx) * outputs
            for output in 0..<outputs {
              for lane in 0..<valid { to[lane] = from[lane * inputStride + output] }
              if valid < 16 { (to + valid).update(repeating: 0, count: 16 - valid) }
              to += 16
            }
          }
        }
      }
    }
    return packed
  }
}

/// The positions along one axis with the same remainder of (position + offset) by the stride.
private struct ResidueClass {
  /// The first position.
  let start: Int
  let stride: Int
  /// Taps that reach these positions, largest first, so that the outputs they meet ascend.
  let taps: [Int]
  /// The output that the first tap meets at the first position; may be negative.
  let firstOutput: Int

  static func all(kernel: Int, stride: Int, offset: Int) -> [ResidueClass] {
    (0..<stride).map { start in
      let residue = (start + offset) % stride
      let taps = Swift.stride(from: residue, to: kernel, by: stride).reversed()
      let firstOutput = taps.first.map { (start + offset - $0) / stride } ?? 0
      return ResidueClass(
        start: start, stride: stride, taps: Array(taps), firstOutput: firstOutput)
    }
  }

  func count(extent: Int) -> Int { extent > start ? (extent - start - 1) / stride + 1 : 0 }

  var marginBefore: Int { max(0, -firstOutput) }

  func marginAfter(extent: Int, outputs: Int) -> Int {
    let positions = count(extent: extent)
    guard positions > 0, !taps.isEmpty else { return 0 }
    return max(0, firstOutput + taps.count - 1 + positions - 1 - (outputs - 1))
  }
}
