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

  private var rowsPerTask: Int { columns >= 128 ? 2 : columns >= 64 ? 4 : 8 }
  fileprivate var tasksPerPicture: Int { blocks(of: rowsPerTask, covering: rows) }

  fileprivate func run(task: Int, _ kernels: Kernels) {
    let (image, group) = task.quotientAndRemainder(dividingBy: tasksPerPicture)
    let first = group * rowsPerTask, last = min(first + rowsPerTask, rows)
    taps.withUnsafeBufferPointer { taps in
      for block in 0..<blocks(of: 16, covering: channels) {
        var call = kernels_gemm(
          input: nil, input_pixel: sourcePixel, taps: taps.baseAddress,
          tap_count: Int32(taps.count),
          depth: Int32(depth), weights: weights.pointer + block * taps.count * depth * 16,
          bias: bias.map { UnsafePointer($0.pointer + block * 16) }, output: nil,
          output_pixel: targetPixel, pixels: Int32(columns),
          columns: Int32(min(16, channels - block * 16)), accumulate: false)
        for row in first..<last {
          call.input = source + image * sourcePicture + row * sourceRow
          call.output = target + image * targetPicture + row * targetRow + block * 16
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
