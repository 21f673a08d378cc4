import CKernels
import Tensors

/// Direct convolution as implicit GEMM: a filter row over an NHWC row is one run of `KW · I`
/// floats, so a product has one tap per filter row.
///
/// A forward convolution is one product; the input gradient of a strided one is a product per
/// residue class of the stride.
struct RowProduct {
  let source: UnsafePointer<Float>
  let sourcePicture: Int, sourceRow: Int, sourcePixel: Int
  /// Offsets in floats, one per filter row.
  let taps: [Int]
  /// Floats per tap.
  let depth: Int
  /// Panels `[channels / 16][taps][depth][16]`.
  let weights: TensorStorage
  let target: UnsafeMutablePointer<Float>
  let targetPicture: Int, targetRow: Int, targetPixel: Int
  let batch: Int, rows: Int, columns: Int, channels: Int
  /// Padded to whole panels; nil for none.
  let bias: Workspace?

  private var panels: Int { blocks(of: 16, covering: channels) }

  /// What is larger passes once: a task takes a few rows and all weights, or a panel of weights and
  /// all rows.
  private var isByPanels: Bool { taps.count * depth * channels > rows * sourceRow }

  private var rowsPerTask: Int {
    isByPanels ? rows : columns >= 128 ? 2 : columns >= 64 ? 4 : 8
  }

  fileprivate var tasksPerPicture: Int {
    isByPanels ? panels : blocks(of: rowsPerTask, covering: rows)
  }

  fileprivate func run(task: Int, _ kernels: Kernels) {
    let (image, part) = task.quotientAndRemainder(dividingBy: tasksPerPicture)
    let first = isByPanels ? 0 : part * rowsPerTask
    run(
      image: image, rows: first..<min(first + rowsPerTask, rows),
      panels: isByPanels ? part..<(part + 1) : 0..<panels, kernels)
  }

  private func run(image: Int, rows: Range<Int>, panels: Range<Int>, _ kernels: Kernels) {
    taps.withUnsafeBufferPointer { taps in
      let atOnce = Int(kernels.table.panels_at_once)
      for panel in stride(from: panels.lowerBound, to: panels.upperBound, by: atOnce) {
        let count = min(atOnce, panels.upperBound - panel)
        var call = kernels_gemm(
          input: nil, input_pixel: sourcePixel, taps: taps.baseAddress,
          tap_count: Int32(taps.count),
          depth: Int32(depth), weights: weights.pointer + panel * taps.count * depth * 16,
          weights_panel: taps.count * depth * 16,
          bias: bias.map { UnsafePointer($0.pointer + panel * 16) }, output: nil,
          output_pixel: targetPixel, output_panel: 16, pixels: Int32(columns),
          columns: Int32(min(count * 16, channels - panel * 16)), accumulate: false, fetch: false,
          stream: false)
        for row in rows {
          call.input = source + image * sourcePicture + row * sourceRow
          call.output = target + image * targetPicture + row * targetRow + panel * 16
          kernels.table.gemm(&call)
        }
      }
    }
  }
}

extension CPUBackend {
  /// Runs products that share nothing but their input, all at once.
  func run(_ products: [RowProduct]) {
    let counts = products.map { $0.batch * $0.tasksPerPicture }
    pool.forEach(counts.reduce(0, +)) { index in
      var task = index
      for (product, count) in zip(products, counts) {
        if task < count {
          product.run(task: task, kernels)
          return
        }
        task -= count
      }
    }
  }

  /// A bias `[C]` padded with zeros to whole panels.
  func panelBias(_ bias: Tensor?) -> Workspace? {
    guard let bias else { return nil }
    let workspace = Workspace(blocks(of: 16, covering: bias.count) * 16)
    workspace.pointer.update(repeating: 0, count: workspace.storage.count)
    bias.withPointer { workspace.pointer.update(from: $0, count: bias.count) }
    return workspace
  }
}
