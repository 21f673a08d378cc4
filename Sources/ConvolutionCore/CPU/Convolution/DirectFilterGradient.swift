import CKernels
import Tensors

extension CPUBackend {
  /// The filter gradient as outer products over pixels, summed in blocks of rows.
  ///
  /// Rows are packed into panels of 16 channels first: in NHWC the pixels of one channel block lie
  /// a power of two apart and evict each other from the cache. Where one side has few channels,
  /// the columns of a filter row and those channels are one window of contiguous floats instead.
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
          for output in 0..<outputs {
            let b = right.pointer + (output * g.batch + image) * rightPicture + first * rightRow
            for kx in 0..<g.kernelWidth {
              var call = kernels_outer(
                left: a + kx * 16, left_pixel: g.stride * 16, left_row: g.stride * leftRow,
                right: b,
                right_pixel: 16, right_row: rightRow, pixels: Int32(g.outputWidth),
                rows: Int32(rows), output: sums + (output * g.kernelWidth + kx) * 256,
                output_row: 16, count: Int32(count), columns: 16, accumulate: !isFirst,
                stream: false)
              kernels.table.outer(&call)
            }
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

  /// Few input channels: a window is `KW · I` floats of a padded row.
  private func filterGradientByInputWindows(
    _ x: Map, _ dy: Map, _ g: ConvolutionGeometry, into target: UnsafeMutablePointer<Float>
  ) {
    let right = pool.panels(dy, Margins(0), reflecting: false)
    let window = g.kernelWidth * g.inputChannels
    pool.withPadded(x, Margins(g.padding), reflecting: g.reflects) { source in
      windowGradients(
        g, window: window, panels: blocks(of: 16, covering: g.outputChannels),
        left: { image, row, ky in source.rowPointer(image, row * g.stride + ky) },
        leftPixel: g.stride * g.inputChannels, leftRow: g.stride * source.row,
        right: { image, row, _, panel in
          right.pointer + ((panel * g.batch + image) * g.outputHeight + row) * g.outputWidth * 16
        }, rightRow: g.outputWidth * 16, pixels: g.outputWidth
      ) { ky, panel, sums in
        let valid = min(16, g.outputChannels - panel * 16)
        for q in 0..<window {
          let (kx, i) = q.quotientAndRemainder(dividingBy: g.inputChannels)
          let tap = (i * g.kernelHeight + ky) * g.kernelWidth + kx
          (target + tap * g.outputChannels + panel * 16).update(from: sums + q * 16, count: valid)
        }
      }
    }
  }

  /// Few output channels, stride 1: the roles are swapped.
  ///
  /// Input pixel x' meets output pixel x' − kx, so a window of `dy`, padded by KW − 1, holds the
  /// taps in reverse.
  private func filterGradientByOutputWindows(
    _ x: Map, _ dy: Map, _ g: ConvolutionGeometry, into target: UnsafeMutablePointer<Float>
  ) {
    let margin = g.kernelWidth - 1
    let right = pool.panels(x, Margins(g.padding), reflecting: g.reflects)
    let window = g.kernelWidth * g.outputChannels
    let margins = Margins(top: 0, left: margin, bottom: 0, right: margin)
    pool.withPadded(dy, margins, reflecting: false) { source in
      windowGradients(
        g, window: window, panels: blocks(of: 16, covering: g.inputChannels),
        left: { image, row, _ in source.rowPointer(image, row) },
        leftPixel: g.outputChannels, leftRow: source.row,
        right: { image, row, ky, panel in
          right.pointer + ((panel * g.batch + image) * g.paddedHeight + row + ky) * g.paddedWidth
            * 16
        }, rightRow: g.paddedWidth * 16, pixels: g.outputWidth + margin
      ) { ky, panel, sums in
        for q in 0..<window {
          let (reversed, o) = q.quotientAndRemainder(dividingBy: g.outputChannels)
          for lane in 0..<min(16, g.inputChannels - panel * 16) {
            let tap =
              ((panel * 16 + lane) * g.kernelHeight + ky) * g.kernelWidth + g.kernelWidth - 1
              - reversed
            target[tap * g.outputChannels + o] = sums[q * 16 + lane]
          }
        }
      }
    }
  }

  /// Sums windows × panels over all rows: a task per filter row and panel, `[window][16]` each.
  private func windowGradients(
    _ g: ConvolutionGeometry, window: Int, panels: Int,
    left: (_ image: Int, _ row: Int, _ ky: Int) -> UnsafeMutablePointer<Float>,
    leftPixel: Int, leftRow: Int,
    right: (_ image: Int, _ row: Int, _ ky: Int, _ panel: Int) -> UnsafeMutablePointer<Float>,
    rightRow: Int, pixels: Int,
    store: (_ ky: Int, _ panel: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) {
    pool.forEach(g.kernelHeight * panels) { task in
      let (ky, panel) = task.quotientAndRemainder(dividingBy: panels)
      Workspace.with(window * 16) { sums in
        var isFirst = true
        forEachRowBlock(g) { image, first, rows in
          for q in stride(from: 0, to: window, by: 16) {
            var call = kernels_outer(
              left: left(image, first, ky) + q, left_pixel: leftPixel, left_row: leftRow,
              right: right(image, first, ky, panel), right_pixel: 16, right_row: rightRow,
              pixels: Int32(pixels), rows: Int32(rows), output: sums + q * 16,
              output_row: 16, count: Int32(min(16, window - q)), columns: 16, accumulate: !isFirst,
              stream: false)
            kernels.table.outer(&call)
          }
          isFirst = false
        }
        store(ky, panel, sums)
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
