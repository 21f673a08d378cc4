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
        pixels: g.outputWidth, narrowRow: { row, ky in row * g.stride + ky },
        winograd: WinogradRows(for: g, on: self), isInputNarrow: true)
      sum(gradient, g, into: target) { taps, ky, q, channel in
        let (kx, input) = q.quotientAndRemainder(dividingBy: g.inputChannels)
        return ((input * taps + ky) * g.kernelWidth + kx) * g.outputChannels + channel
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
        reflects: g.reflects, pixels: g.outputWidth + margin, narrowRow: { row, ky in row - ky },
        winograd: WinogradRows(for: g, on: self), isInputNarrow: false)
      sum(gradient, g, into: target) { taps, ky, q, channel in
        let (reversed, output) = q.quotientAndRemainder(dividingBy: g.outputChannels)
        return ((channel * taps + ky) * g.kernelWidth + margin - reversed) * g.outputChannels
          + output
      }
    }
  }

  /// Sums over all rows, each task over a few, then all tasks' sums.
  ///
  /// - Parameter position: Where the sum of a window's float and a channel lies in a filter of so many
  ///   rows.
  private func sum(
    _ gradient: WindowGradient, _ g: ConvolutionGeometry,
    into target: UnsafeMutablePointer<Float>,
    at position: (_ taps: Int, _ ky: Int, _ q: Int, _ channel: Int) -> Int
  ) {
    let parts = gradient.parts, perTask = max(gradient.leastParts, parts / 16)
    let tasks = blocks(of: perTask, covering: parts)
    let batch = gradient.wide.batch, count = gradient.sumCount
    Workspace.with(batch * tasks * count) { sums in
      pool.forEach(batch * tasks) { task in
        let (image, part) = task.quotientAndRemainder(dividingBy: tasks)
        let own = sums + task * count
        own.update(repeating: 0, count: count)
        gradient.add(
          image: image, parts: part * perTask..<min(parts, (part + 1) * perTask), to: own, kernels)
      }
      gradient.withFilter(g, target) { target in
        pool.forEach(gradient.taps * gradient.panels) { part in
          let (ky, panel) = part.quotientAndRemainder(dividingBy: gradient.panels)
          for q in 0..<gradient.window {
            let from = sums + (part * gradient.window + q) * 16
            var total = SIMD16<Float>.zero
            for task in 0..<batch * tasks {
              total += UnsafeRawPointer(from + task * count).loadUnaligned(as: SIMD16<Float>.self)
            }
            for lane in 0..<min(16, gradient.wide.channels - panel * 16) {
              target[position(gradient.taps, ky, q, panel * 16 + lane)] = total[lane]
            }
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
  /// Nil to take each row with each of the filter.
  let winograd: WinogradRows?
  /// Whether the windows are of the input; else of the output.
  let isInputNarrow: Bool

  var panels: Int { blocks(of: 16, covering: wide.channels) }
  /// Rows of the filter, or points.
  var taps: Int { winograd == nil ? kernelHeight : WinogradRows.points }
  /// Floats of the sums `[taps][panels][window][16]`.
  var sumCount: Int { taps * panels * window * 16 }

  /// Rows of `wide`, padded, in a picture; or groups of rows of the output.
  var parts: Int {
    if winograd == nil { return wide.height + 2 * padding }
    return blocks(of: WinogradRows.outputs, covering: isInputNarrow ? wide.height : narrow.height)
  }
  /// So many at least are worth a task.
  var leastParts: Int { winograd == nil ? 4 : 1 }

  /// Lends what the sums are to be written to, and brings it back from the points.
  func withFilter(
    _ g: ConvolutionGeometry, _ filter: UnsafeMutablePointer<Float>,
    _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let winograd else { return body(filter) }
    Workspace.with(g.inputChannels * taps * g.kernelWidth * g.outputChannels) { atPoints in
      body(atPoints)
      winograd.gather(
        atPoints, into: filter, inputs: g.inputChannels, count: g.kernelWidth * g.outputChannels)
    }
  }

  func add(
    image: Int, parts: Range<Int>, to sums: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    if let winograd {
      for part in parts {
        addGroup(
          from: part * WinogradRows.outputs, of: image, to: sums, winograd, kernels)
      }
    } else {
      addRows(parts, of: image, to: sums, kernels)
    }
  }

  /// Each row of `wide` with all that it meets.
  private func addRows(
    _ rows: Range<Int>, of image: Int, to sums: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    let positions = PaddedPositions(wide.height, margin: padding, reflects: reflects)
    // So many that their panels, and the sums of one filter row, stay in the nearest cache.
    let atOnce = min(64, pixels), panel = atOnce * 16
    Workspace.with(panels * panel) { packed in
      for row in rows {
        guard let y = positions[row] else { continue }
        for first in stride(from: 0, to: pixels, by: atOnce) {
          let count = min(atOnce, pixels - first)
          pack(wide.rowPointer(image, y), first..<first + count, into: packed, panel: panel)
          for ky in 0..<kernelHeight {
            let narrowRow = narrowRow(row, ky)
            guard (0..<narrow.height).contains(narrowRow) else { continue }
            addProducts(
              narrow.rowPointer(image, narrowRow) + first * narrowPixel, packed, panel: panel,
              pixels: count, tap: ky, to: sums, kernels)
          }
        }
      }
    }
  }

  /// Four rows of the output, as far as there are so many, with the ten of the input that they meet.
  private func addGroup(
    from first: Int, of image: Int, to sums: UnsafeMutablePointer<Float>, _ winograd: WinogradRows,
    _ kernels: Kernels
  ) {
    let points = WinogradRows.points
    let narrowTransform = isInputNarrow ? ROWS_DATA : ROWS_OUTPUT_ADJOINT
    let wideTransform = isInputNarrow ? ROWS_OUTPUT_ADJOINT : ROWS_DATA
    let narrowRows = isInputNarrow ? points : WinogradRows.outputs
    let wideRows = isInputNarrow ? WinogradRows.outputs : points
    // So few that they stay in a core's cache at all points.
    let atOnce = min(16, pixels), panel = atOnce * 16, packedRow = panels * panel
    Workspace.with((points + wideRows) * packedRow + (points + 1) * narrow.row) { memory in
      let packed = pointers(memory, wideRows, apart: packedRow)
      let wideAtPoints = pointers(memory + wideRows * packedRow, points, apart: packedRow)
      let zeros = memory + (points + wideRows) * packedRow
      let narrowAtPoints = pointers(zeros + narrow.row, points, apart: narrow.row)
      zeros.update(repeating: 0, count: narrow.row)
      winograd.transform(
        narrowTransform,
        (first..<first + narrowRows).map { row in
          // Rows of the input behind the last meet none of the output.
          isInputNarrow || row < narrow.height
            ? narrow.rowPointer(image, min(row, narrow.height - 1)) : zeros
        }, to: narrowAtPoints, count: narrow.row)
      for x in stride(from: 0, to: pixels, by: atOnce) {
        let count = min(atOnce, pixels - x)
        for (row, packed) in zip(first..<first + wideRows, packed) {
          let y = wideRow(row)
          pack(y.map { wide.rowPointer(image, $0) }, x..<x + count, into: packed, panel: panel)
        }
        winograd.transform(wideTransform, packed, to: wideAtPoints, count: packedRow)
        for point in 0..<points {
          addProducts(
            narrowAtPoints[point] + x * narrowPixel, wideAtPoints[point], panel: panel,
            pixels: count, tap: point, to: sums, kernels)
        }
      }
    }
  }

  /// The row of `wide` that stands at a row of a group; nil for zeros.
  private func wideRow(_ row: Int) -> Int? {
    if isInputNarrow { return row < wide.height ? row : nil }
    let positions = PaddedPositions(wide.height, margin: padding, reflects: reflects)
    return positions[min(row, wide.height + 2 * padding - 1)]
  }

  private func addProducts(
    _ windows: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, panel: Int, pixels: Int,
    tap: Int, to sums: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    var call = kernels_outer(
      left: windows, left_pixel: narrowPixel, left_row: 0, right: packed, right_pixel: 16,
      right_row: 0, right_panel: panel, pixels: Int32(pixels), rows: 1,
      output: sums + tap * panels * window * 16, output_row: 16, output_panel: window * 16,
      count: Int32(window), panels: Int32(panels), accumulate: true, stream: false)
    kernels.table.outer(&call)
  }

  /// Packs pixels of a padded row into panels of 16 channels; what does not exist is zero.
  private func pack(
    _ row: UnsafeMutablePointer<Float>?, _ columns: Range<Int>,
    into packed: UnsafeMutablePointer<Float>, panel: Int
  ) {
    let positions = PaddedPositions(wide.width, margin: padding, reflects: reflects)
    for (pixel, column) in columns.enumerated() {
      let to = packed + pixel * 16
      if let row, let x = positions[column] {
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
