import CKernels
import Tensors

extension CPUBackend {
  /// The filter gradient as outer products over pixels, summed in blocks of rows.
  ///
  /// Pixels are packed into panels of 16 channels first: in NHWC those of one channel block lie a
  /// power of two apart and evict each other from the cache. Where one side has few channels, the
  /// columns of a filter row and those channels are one window of contiguous floats instead.
  func directFilterGradient(_ x: Tensor, _ dy: Tensor, _ g: ConvolutionGeometry) -> Tensor {
    let result = Tensor(uninitialized: g.filterShape)
    withExtendedLifetime((x, dy, result)) {
      let target = result.storage.pointer
      if g.inputChannels < 16 && g.kernelWidth * g.inputChannels <= 64 {
        filterGradientByInputWindows(x.map, dy.map, g, into: target)
      } else if g.stride == 1 && g.outputChannels < 16 && g.kernelWidth * g.outputChannels <= 64 {
        filterGradientByOutputWindows(x.map, dy.map, g, into: target)
      } else {
        filterGradientByPanels(x.map, dy.map, g, into: target)
      }
    }
    return result
  }

  /// Both sides wide: a task per panel of inputs and filter row.
  private func filterGradientByPanels(
    _ x: Map, _ dy: Map, _ g: ConvolutionGeometry, into target: UnsafeMutablePointer<Float>
  ) {
    let left = pool.panels(x, Margins(g.padding), reflecting: g.reflects)
    let right = pool.panels(dy, Margins(0), reflecting: false)
    let leftRow = g.paddedWidth * 16, leftPicture = g.paddedHeight * leftRow
    let rightRow = g.outputWidth * 16, rightPicture = g.outputHeight * rightRow
    let outputs = blocks(of: 16, covering: g.outputChannels)
    let inputs = blocks(of: 16, covering: g.inputChannels)
    pool.forEach(inputs * g.kernelHeight) { task in
      let (input, ky) = task.quotientAndRemainder(dividingBy: g.kernelHeight)
      let count = min(16, g.inputChannels - input * 16)
      Workspace.with(outputs * g.kernelWidth * 256) { sums in
        var isFirst = true
        forEachRowBlock(g) { image, first, rows in
          let a =
            left.pointer + (input * g.batch + image) * leftPicture
            + (first * g.stride + ky) * leftRow
          for kx in 0..<g.kernelWidth {
            var call = kernels_outer(
              left: a + kx * 16, left_pixel: g.stride * 16, left_row: g.stride * leftRow,
              right: right.pointer + image * rightPicture + first * rightRow, right_pixel: 16,
              right_row: rightRow, right_panel: g.batch * rightPicture,
              pixels: Int32(g.outputWidth), rows: Int32(rows), output: sums + kx * 256,
              output_row: 16, output_panel: g.kernelWidth * 256, count: Int32(count),
              panels: Int32(outputs), accumulate: !isFirst, stream: false)
            kernels.table.outer(&call)
          }
          isFirst = false
        }
        for output in 0..<outputs {
          let valid = min(16, g.outputChannels - output * 16)
          for kx in 0..<g.kernelWidth {
            for i in 0..<count {
              let tap = ((input * 16 + i) * g.kernelHeight + ky) * g.kernelWidth + kx
              (target + tap * g.outputChannels + output * 16).update(
                from: sums + ((output * g.kernelWidth + kx) * 16 + i) * 16, count: valid)
            }
          }
        }
      }
    }
  }

  /// Cuts the output rows into blocks that stay in the cache and keep partial sums short.
  private func forEachRowBlock(
    _ g: ConvolutionGeometry, _ body: (_ image: Int, _ first: Int, _ rows: Int) -> Void
  ) {
    let size = g.outputWidth >= 128 ? 2 : g.outputWidth >= 64 ? 4 : 8
    for image in 0..<g.batch {
      for first in stride(from: 0, to: g.outputHeight, by: size) {
        body(image, first, min(size, g.outputHeight - first))
      }
    }
  }
}
