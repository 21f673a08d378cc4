import CKernels
import Tensors

// Filter gradients where one side has few channels: a window, `KW · channels` contiguous floats of its
// rows, against each pixel of the wide side.

extension CPUBackend {
  /// Few input channels: windows of x, against the pixels of dy.
  func filterGradientByInputWindows(
    _ x: Map, _ dy: Map, _ g: ConvolutionGeometry, into target: UnsafeMutablePointer<Float>
  ) {
    pool.withPadded(x, Margins(g.padding), reflecting: g.reflects) { narrow in
      let gradient = WindowGradient(
        kernelHeight: g.kernelHeight, window: g.kernelWidth * g.inputChannels, narrow: narrow,
        narrowPixel: g.stride * g.inputChannels, wide: dy, padding: 0, reflects: false,
        pixels: g.outputWidth, narrowRow: { row, ky in row * g.stride + ky })
      sum(gradient, rows: g.outputHeight) { ky, q, channel, value in
        let (kx, input) = q.quotientAndRemainder(dividingBy: g.inputChannels)
        let tap = (input * g.kernelHeight + ky) * g.kernelWidth + kx
        target[tap * g.outputChannels + channel] = value
      }
    }
  }

  /// Few output channels, stride 1: the roles are swapped.
  ///
  /// Input pixel x' meets output pixel x' − kx, so a window of `dy`, padded by KW − 1, holds the taps in
  /// reverse.
  func filterGradientByOutputWindows(
    _ x: Map, _ dy: Map, _ g: ConvolutionGeometry, into target: UnsafeMutablePointer<Float>
  ) {
    let margin = g.kernelWidth - 1
    let margins = Margins(top: 0, left: margin, bottom: 0, right: margin)
    pool.withPadded(dy, margins, reflecting: false) { narrow in
      let gradient = WindowGradient(
        kernelHeight: g.kernelHeight, window: g.kernelWidth * g.outputChannels, narrow: narrow,
        narrowPixel: g.outputChannels, wide: x, padding: g.padding,
        reflects: g.reflects, pixels: g.outputWidth + margin, narrowRow: { row, ky in row - ky })
      sum(gradient, rows: g.paddedHeight) { ky, q, channel, value in
        let (reversed, output) = q.quotientAndRemainder(dividingBy: g.outputChannels)
        let tap = (channel * g.kernelHeight + ky) * g.kernelWidth + margin - reversed
        target[tap * g.outputChannels + output] = value
      }
    }
  }

  /// Sums over all rows of the wide side: each task over a few, then all tasks' sums.
  private func sum(
    _ gradient: WindowGradient, rows: Int,
    store: (_ ky: Int, _ q: Int, _ channel: Int, _ value: Float) -> Void
  ) {
    let perTask = max(4, rows / 16), tasks = blocks(of: perTask, covering: rows)
    let batch = gradient.wide.batch, count = gradient.sumCount
    Workspace.with(batch * tasks * count) { sums in
      pool.forEach(batch * tasks) { task in
        let (image, part) = task.quotientAndRemainder(dividingBy: tasks)
        let own = sums + task * count
        own.update(repeating: 0, count: count)
        gradient.add(
          image: image, rows: part * perTask..<min(rows, (part + 1) * perTask), to: own, kernels)
      }
      pool.forEach(gradient.kernelHeight * gradient.panels) { part in
        let (ky, panel) = part.quotientAndRemainder(dividingBy: gradient.panels)
        for q in 0..<gradient.window {
          let from = sums + (part * gradient.window + q) * 16
          var total = SIMD16<Float>.zero
          for task in 0..<batch * tasks {
            total += UnsafeRawPointer(from + task * count).loadUnaligned(as: SIMD16<Float>.self)
          }
          for lane in 0..<min(16, gradient.wide.channels - panel * 16) {
            store(ky, q, panel * 16 + lane, total[lane])
          }
        }
      }
    }
  }
}

/// Sums of the products of windows of a narrow map with the pixels of a wide one.
private struct WindowGradient {
  let kernelHeight: Int
  /// Floats of a window.
  let window: Int
  /// Padded.
  let narrow: Map
  /// Floats from window to window.
  let narrowPixel: Int
  let wide: Map
  /// Round `wide`.
  let padding: Int
  let reflects: Bool
  /// Windows in a row, and as many pixels.
  let pixels: Int
  /// The row of `narrow` that a row of `wide`, padded, meets through a row of the filter.
  let narrowRow: (_ row: Int, _ ky: Int) -> Int

  /// So many that their panels, and the sums of one filter row, stay in the nearest cache.
  private static let pixelsAtOnce = 64

  var panels: Int { blocks(of: 16, covering: wide.channels) }
  /// Floats of the sums `[KH][panels][window][16]`.
  var sumCount: Int { kernelHeight * panels * window * 16 }

  func add(
    image: Int, rows: Range<Int>, to sums: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    let panel = Self.pixelsAtOnce * 16
    let positions = PaddedPositions(wide.height, margin: padding, reflects: reflects)
    Workspace.with(panels * panel) { packed in
      for row in rows {
        guard let y = positions[row] else { continue }
        for first in stride(from: 0, to: pixels, by: Self.pixelsAtOnce) {
          let count = min(Self.pixelsAtOnce, pixels - first)
          pack(wide.rowPointer(image, y), first..<first + count, into: packed, panel: panel)
          for ky in 0..<kernelHeight {
            let narrowRow = narrowRow(row, ky)
            guard (0..<narrow.height).contains(narrowRow) else { continue }
            var call = kernels_outer(
              left: narrow.rowPointer(image, narrowRow) + first * narrowPixel,
              left_pixel: narrowPixel, left_row: 0, right: packed, right_pixel: 16, right_row: 0,
              right_panel: panel, pixels: Int32(count), rows: 1,
              output: sums + ky * panels * window * 16, output_row: 16, output_panel: window * 16,
              count: Int32(window), panels: Int32(panels), accumulate: true, stream: false)
            kernels.table.outer(&call)
          }
        }
      }
    }
  }

  /// Packs pixels of a padded row into panels of 16 channels; what does not exist is zero.
  private func pack(
    _ row: UnsafeMutablePointer<Float>, _ columns: Range<Int>,
    into packed: UnsafeMutablePointer<Float>, panel: Int
  ) {
    let positions = PaddedPositions(wide.width, margin: padding, reflects: reflects)
    for (pixel, column) in columns.enumerated() {
      let to = packed + pixel * 16
      if let x = positions[column] {
        for block in 0..<panels {
          copyPanel(
            row + x * wide.channels + block * 16, to: to + block * panel,
            valid: min(16, wide.channels - block * 16))
        }
      } else {
        for block in 0..<panels { (to + block * panel).update(repeating: 0, count: 16) }
      }
    }
  }
}
