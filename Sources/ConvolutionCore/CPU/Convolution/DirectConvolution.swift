import CKernels
import Tensors

extension CPUBackend {
  /// Convolution by implicit GEMM, for any kernel, stride and number of channels.
  func directConvolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry)
    -> Tensor
  {
    let output = Tensor(uninitialized: g.outputShape)
    withExtendedLifetime((x, output)) {
      pool.withPadded(x.map, Margins(g.padding), reflecting: g.reflects) { source in
        convolution(source, filter: filter, bias: bias, g, into: output.map)
      }
    }
    return output
  }

  private func convolution(
    _ source: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, into target: Map
  ) {
    if isNarrow(outputs: g.outputChannels, g) {
      narrowProduct(
        source, filter: filter, called: "columns",
        at: { input, ky, kx, output in
          ((input * g.kernelHeight + ky) * g.kernelWidth + kx) * g.outputChannels + output
        }, kernel: (g.kernelHeight, g.kernelWidth), bias: bias, into: target)
      return
    }
    run([
      RowProduct(
        source: source.pointer, sourcePicture: source.picture, sourceRow: g.stride * source.row,
        sourcePixel: g.stride * g.inputChannels,
        taps: (0..<g.kernelHeight).map { $0 * source.row },
        depth: g.kernelWidth * g.inputChannels,
        weights: filter.storage.derived("rows of \(g.kernelHeight)×\(g.kernelWidth)") {
          packedForward(filter, g)
        },
        target: target.pointer, targetPicture: target.picture, targetRow: target.row,
        targetPixel: g.outputChannels, batch: g.batch, rows: g.outputHeight,
        columns: g.outputWidth, channels: g.outputChannels, bias: panelBias(bias))
    ])
  }

  /// Whether so few outputs are wanted that a panel of 16 would be mostly empty, while the columns
  /// of a filter row could fill it.
  func isNarrow(outputs: Int, _ g: ConvolutionGeometry) -> Bool {
    g.stride == 1 && outputs <= 4 && g.kernelWidth > 1
  }

  /// `[O / 16][KH][KW · I][16]` from `[I, KH, KW, O]`.
  private func packedForward(_ filter: Tensor, _ g: ConvolutionGeometry) -> TensorStorage {
    let panel = g.kernelHeight * g.kernelWidth * g.inputChannels * 16
    let panels = blocks(of: 16, covering: g.outputChannels)
    let packed = TensorStorage(count: panels * panel)
    let target = packed.pointer
    let taps = g.kernelHeight * g.kernelWidth
    filter.withPointer { source in
      pool.forEach(panels) { block in
        let valid = min(16, g.outputChannels - block * 16)
        for input in 0..<g.inputChannels {
          for tap in 0..<taps {
            let to = target + block * panel + (tap * g.inputChannels + input) * 16
            to.update(
              from: source + (input * taps + tap) * g.outputChannels + block * 16, count: valid)
            if valid < 16 { (to + valid).update(repeating: 0, count: 16 - valid) }
          }
        }
      }
    }
    return packed
  }

  /// A stride-1 product with few outputs: all `KW · outputs` results of a filter row in one GEMM,
  /// then a sum along the row.
  ///
  /// - Parameters:
  ///   - source: Padded input, as wide as the target and the kernel less one.
  ///   - name: What the rearranged filter is kept by.
  ///   - at: Position in `filter` of (channel of `source`, ky, kx, channel of `target`).
  func narrowProduct(
    _ source: Map, filter: Tensor, called name: String,
    at position: (Int, Int, Int, Int) -> Int, kernel: (height: Int, width: Int), bias: Tensor?,
    into target: Map
  ) {
    let outputs = target.channels, wide = kernel.width * outputs
    let panels = blocks(of: 16, covering: wide), rowPixel = panels * 16
    let panel = kernel.height * source.channels * 16
    let packed = filter.storage.derived(name) {
      packedColumns(filter, at: position, kernel: kernel, source.channels, outputs)
    }
    var biases = SIMD4<Float>.zero
    if let bias { for output in 0..<outputs { biases[output] = bias[output] } }
    let taps = (0..<kernel.height).map { $0 * source.row }
    pool.forEach(target.batch * target.height) { index in
      let (image, y) = index.quotientAndRemainder(dividingBy: target.height)
      Workspace.with(source.width * rowPixel + 4) { row in
        taps.withUnsafeBufferPointer { taps in
          for block in 0..<panels {
            var call = kernels_gemm(
              input: source.rowPointer(image, y), input_pixel: source.channels,
              taps: taps.baseAddress, tap_count: Int32(kernel.height),
              depth: Int32(source.channels),
              weights: packed.pointer + block * panel, bias: nil, output: row + block * 16,
              output_pixel: rowPixel, pixels: Int32(source.width),
              // The last panel may be no more than half full.
              columns: wide - block * 16 > 8 ? 16 : 8, accumulate: false, fetch: false,
              stream: false)
            kernels.table.gemm(&call)
          }
        }
        let to = target.rowPointer(image, y)
        for x in 0..<target.width {
          // At most four outputs; what lies behind them is added in vain.
          var sum = biases
          for kx in 0..<kernel.width {
            sum += UnsafeRawPointer(row + (x + kx) * rowPixel + kx * outputs).loadUnaligned(
              as: SIMD4<Float>.self)
          }
          for output in 0..<outputs { to[x * outputs + output] = sum[output] }
        }
      }
    }
  }

  /// `[KW · outputs / 16][KH][channels][16]`.
  private func packedColumns(
    _ filter: Tensor, at position: (Int, Int, Int, Int) -> Int,
    kernel: (height: Int, width: Int), _ channels: Int, _ outputs: Int
  ) -> TensorStorage {
    let wide = kernel.width * outputs, panel = kernel.height * channels * 16
    let packed = TensorStorage(count: blocks(of: 16, covering: wide) * panel)
    packed.pointer.update(repeating: 0, count: packed.count)
    filter.withPointer { from in
      for ky in 0..<kernel.height {
        for channel in 0..<channels {
          for column in 0..<wide {
            let (kx, output) = column.quotientAndRemainder(dividingBy: outputs)
            let to = (column / 16) * panel + (ky * channels + channel) * 16 + column % 16
            packed.pointer[to] = from[position(channel, ky, kx, output)]
          }
        }
      }
    }
    return packed
  }
}
