import CKernels
import Tensors

// Stride-1 products with few outputs: a panel of 16 would be mostly empty, while the columns of a
// filter row fill it. All `KW · outputs` results of a filter row come from one product over the
// pixels of the source, and are then added up along the row. Padding costs nothing: rows and columns
// that mirror others are those others' results, and those that are zero are left out.

extension CPUBackend {
  /// Whether so few outputs are wanted that a panel of 16 would be mostly empty, while the columns
  /// of a filter row could fill it.
  func isNarrow(outputs: Int, _ g: ConvolutionGeometry) -> Bool {
    g.stride == 1 && outputs <= 4 && g.kernelWidth > 1
  }

  /// y from x, for few output channels.
  func narrowConvolution(
    _ x: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, into y: Map
  ) {
    narrowProduct(
      x, (g.padding, g.padding), reflecting: g.reflects, filter: filter, called: "columns",
      at: { input, ky, kx, output in
        ((input * g.kernelHeight + ky) * g.kernelWidth + kx) * g.outputChannels + output
      }, kernel: (g.kernelHeight, g.kernelWidth), bias: bias, into: y)
  }

  /// dx from dy, for few input channels: a convolution with the filter turned by 180 degrees.
  ///
  /// - Parameter offset: How many pixels into the padded picture that of `dx` begins.
  func narrowInputGradient(
    _ dy: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, offset: Int, into dx: Map
  ) {
    let lastRow = g.kernelHeight - 1, lastColumn = g.kernelWidth - 1
    narrowProduct(
      dy, (lastRow - offset, lastColumn - offset), reflecting: false, filter: filter,
      called: "backward columns",
      at: { output, ky, kx, input in
        ((input * g.kernelHeight + lastRow - ky) * g.kernelWidth + lastColumn - kx)
          * g.outputChannels + output
      }, kernel: (g.kernelHeight, g.kernelWidth), bias: bias, into: dx)
  }

  /// - Parameters:
  ///   - margins: Rows and columns of padding before the first pixel of `source`.
  ///   - name: What the rearranged filter is kept by.
  ///   - at: Position in `filter` of (channel of `source`, ky, kx, channel of `target`).
  private func narrowProduct(
    _ source: Map, _ margins: (top: Int, left: Int), reflecting: Bool, filter: Tensor,
    called name: String, at position: (Int, Int, Int, Int) -> Int,
    kernel: (height: Int, width: Int), bias: Tensor?, into target: Map
  ) {
    let outputs = target.channels, wide = kernel.width * outputs
    let panels = blocks(of: 16, covering: wide), rowPixel = panels * 16
    let panel = kernel.height * source.channels * 16
    let packed = filter.storage.derived(name) {
      packedColumns(filter, at: position, kernel: kernel, source.channels, outputs)
    }
    var biases = SIMD4<Float>.zero
    if let bias { for output in 0..<outputs { biases[output] = bias[output] } }
    let positions = PaddedPositions(source.width, margin: margins.left, reflects: reflecting)
    // Where each padded column's results lie in a row; those of zeros behind all others.
    let columns = (0..<target.width + kernel.width - 1).map {
      (positions[$0] ?? source.width) * rowPixel
    }
    let rows = PaddedPositions(source.height, margin: margins.top, reflects: reflecting)
    pool.forEach(target.batch * target.height) { index in
      let (image, y) = index.quotientAndRemainder(dividingBy: target.height)
      let to = target.rowPointer(image, y)
      let taps = rows.taps(at: y, count: kernel.height)
      guard !taps.isEmpty else {
        for i in 0..<target.row { to[i] = biases[i % outputs] }
        return
      }
      Workspace.with((source.width + 1) * rowPixel + 4) { row in
        let offsets = taps.map { rows[y + $0]! * source.row }
        var call = kernels_gemm()
        call.input = UnsafePointer(source.rowPointer(image, 0))
        call.input_pixel = source.channels
        call.tap_count = Int32(taps.count)
        call.depth = Int32(source.channels)
        call.weights = UnsafePointer(packed.pointer + taps.lowerBound * source.channels * 16)
        call.weights_panel = panel
        call.output = row
        call.output_pixel = rowPixel
        call.output_panel = 16
        call.pixels = Int32(source.width)
        // The last panel may be no more than half full.
        call.columns = Int32(blocks(of: 8, covering: wide) * 8)
        offsets.withUnsafeBufferPointer {
          call.taps = $0.baseAddress
          kernels.table.gemm(&call)
        }
        (row + source.width * rowPixel).update(repeating: 0, count: rowPixel + 4)
        columns.withUnsafeBufferPointer { columns in
          for x in 0..<target.width {
            // At most four outputs; what lies behind them is added in vain.
            var sum = biases
            for kx in 0..<kernel.width {
              sum += UnsafeRawPointer(row + columns[x + kx] + kx * outputs).loadUnaligned(
                as: SIMD4<Float>.self)
            }
            for output in 0..<outputs { to[x * outputs + output] = sum[output] }
          }
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
