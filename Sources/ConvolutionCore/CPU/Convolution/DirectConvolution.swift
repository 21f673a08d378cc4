import CKernels
import Tensors

extension CPUBackend {
  /// Convolution by implicit GEMM, for any kernel, stride and number of channels.
  func directConvolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry)
    -> Tensor
  {
    let output = Tensor(uninitialized: g.outputShape)
    withExtendedLifetime((x, output)) {
      guard !isNarrow(outputs: g.outputChannels, g) else {
        narrowConvolution(x.map, filter: filter, bias: bias, g, into: output.map)
        return
      }
      pool.withPadded(x.map, Margins(g.padding), reflecting: g.reflects) { source in
        if let rows = WinogradRows(for: g, on: self) {
          let weights = filter.storage.derived("points") { packedForward(rows.atPoints(filter)) }
          rows.convolution(
            source, weights: weights, depth: g.kernelWidth * g.inputChannels, bias: bias,
            into: output.map, pool)
        } else {
          convolution(source, filter: filter, bias: bias, g, into: output.map)
        }
      }
    }
    return output
  }

  private func convolution(
    _ source: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, into target: Map
  ) {
    run([
      RowProduct(
        source: source.pointer, sourcePicture: source.picture, sourceRow: g.stride * source.row,
        sourcePixel: g.stride * g.inputChannels,
        taps: (0..<g.kernelHeight).map { $0 * source.row },
        depth: g.kernelWidth * g.inputChannels,
        weights: filter.storage.derived("rows of \(g.kernelHeight)×\(g.kernelWidth)") {
          packedForward(filter)
        },
        target: target.pointer, targetPicture: target.picture, targetRow: target.row,
        targetPixel: g.outputChannels, batch: g.batch, rows: g.outputHeight,
        columns: g.outputWidth, channels: g.outputChannels, bias: panelBias(bias))
    ])
  }

  /// `[O / 16][KH][KW · I][16]` from `[I, KH, KW, O]`.
  private func packedForward(_ filter: Tensor) -> TensorStorage {
    let inputs = filter.shape[0], outputs = filter.shape[3]
    let taps = filter.shape[1] * filter.shape[2]
    let panel = taps * inputs * 16, panels = blocks(of: 16, covering: outputs)
    let packed = TensorStorage(count: panels * panel)
    let target = packed.pointer
    filter.withPointer { source in
      pool.forEach(panels) { block in
        let valid = min(16, outputs - block * 16)
        for input in 0..<inputs {
          for tap in 0..<taps {
            let to = target + block * panel + (tap * inputs + input) * 16
            to.update(from: source + (input * taps + tap) * outputs + block * 16, count: valid)
            if valid < 16 { (to + valid).update(repeating: 0, count: 16 - valid) }
          }
        }
      }
    }
    return packed
  }
}
