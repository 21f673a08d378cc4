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
    let winograd = WinogradRows(for: g, on: self)
    let taps = winograd == nil ? g.kernelHeight : WinogradRows.points
    let packed = filter.storage.derived(winograd == nil ? "columns" : "columns at points") {
      packedColumns(
        winograd?.atPoints(filter) ?? filter, channels: g.inputChannels, taps: taps,
        columns: g.kernelWidth * g.outputChannels
      ) { input, ky, column in
        (input * taps + ky) * g.kernelWidth * g.outputChannels + column
      }
    }
    run(
      NarrowProduct(
        source: x, margins: (g.padding, g.padding), reflects: g.reflects, packed: packed,
        kernel: (g.kernelHeight, g.kernelWidth), bias: bias, target: y), winograd)
  }

  /// dx from dy, for few input channels: a convolution with the filter turned by 180 degrees.
  ///
  /// - Parameter offset: How many pixels into the padded picture that of `dx` begins.
  func narrowInputGradient(
    _ dy: Map, filter: Tensor, bias: Tensor?, _ g: ConvolutionGeometry, offset: Int, into dx: Map
  ) {
    let winograd = WinogradRows(for: g, on: self)
    let taps = winograd == nil ? g.kernelHeight : WinogradRows.points
    let lastRow = g.kernelHeight - 1, lastColumn = g.kernelWidth - 1
    let packed = filter.storage.derived(
      winograd == nil ? "backward columns" : "backward columns at points"
    ) {
      packedColumns(
        winograd?.atPoints(filter, isTurned: true) ?? filter, channels: g.outputChannels,
        taps: taps, columns: g.kernelWidth * g.inputChannels
      ) { output, ky, column in
        let (kx, input) = column.quotientAndRemainder(dividingBy: g.inputChannels)
        let row = winograd == nil ? lastRow - ky : ky
        return ((input * taps + row) * g.kernelWidth + lastColumn - kx) * g.outputChannels + output
      }
    }
    run(
      NarrowProduct(
        source: dy, margins: (lastRow - offset, lastColumn - offset), reflects: false,
        packed: packed, kernel: (g.kernelHeight, g.kernelWidth), bias: bias, target: dx), winograd)
  }

  private func run(_ product: NarrowProduct, _ winograd: WinogradRows?) {
    let target = product.target
    if let winograd {
      let groups = blocks(of: WinogradRows.outputs, covering: target.height)
      pool.forEach(target.batch * groups) { task in
        let (image, group) = task.quotientAndRemainder(dividingBy: groups)
        product.rows(from: group * WinogradRows.outputs, of: image, winograd, kernels)
      }
    } else {
      pool.forEach(target.batch * target.height) { task in
        let (image, y) = task.quotientAndRemainder(dividingBy: target.height)
        product.row(y, of: image, kernels)
      }
    }
  }

  /// `[columns / 16][taps][channels][16]`.
  ///
  /// - Parameters:
  ///   - taps: Rows of the filter.
  ///   - columns: KW · outputs.
  ///   - position: Where (channel, row, column) lies in the filter.
  private func packedColumns(
    _ filter: Tensor, channels: Int, taps: Int, columns: Int, at position: (Int, Int, Int) -> Int
  ) -> TensorStorage {
    let panel = taps * channels * 16
    let packed = TensorStorage(count: blocks(of: 16, covering: columns) * panel)
    packed.pointer.update(repeating: 0, count: packed.count)
    filter.withPointer { from in
      for ky in 0..<taps {
        for channel in 0..<channels {
          for column in 0..<columns {
            let to = (column / 16) * panel + (ky * channels + channel) * 16 + column % 16
            packed.pointer[to] = from[position(channel, ky, column)]
          }
        }
      }
    }
    return packed
  }
}

/// One product for all columns of a filter row, and the sum along the row.
private struct NarrowProduct {
  let source: Map
  /// The filter `[KW · outputs / 16][KH or points][channels][16]`.
  let packed: TensorStorage
  let kernel: (height: Int, width: Int)
  let target: Map

  private let biases: SIMD4<Float>
  /// Where each padded column's results lie in a row; those of zeros behind all others.
  private let columns: [Int]
  private let sourceRows: PaddedPositions

  /// - Parameter margins: Rows and columns of padding before the first pixel of `source`.
  init(
    source: Map, margins: (top: Int, left: Int), reflects: Bool, packed: TensorStorage,
    kernel: (height: Int, width: Int), bias: Tensor?, target: Map
  ) {
    self.source = source
    self.packed = packed
    self.kernel = kernel
    self.target = target
    var biases = SIMD4<Float>.zero
    if let bias { for output in 0..<target.channels { biases[output] = bias[output] } }
    self.biases = biases
    let rowPixel = Self.rowPixel(kernel.width * target.channels)
    let positions = PaddedPositions(source.width, margin: margins.left, reflects: reflects)
    columns = (0..<target.width + kernel.width - 1).map {
      (positions[$0] ?? source.width) * rowPixel
    }
    sourceRows = PaddedPositions(source.height, margin: margins.top, reflects: reflects)
  }

  /// Floats for the results of a pixel: the last panel may be no more than half full.
  private static func rowPixel(_ columns: Int) -> Int { blocks(of: 8, covering: columns) * 8 }

  private var rowPixel: Int { Self.rowPixel(kernel.width * target.channels) }

  /// Floats of the results of a row: zeros stand behind them, and a vector may be read there.
  private var rowFloats: Int { (source.width + 1) * rowPixel + 4 }

  /// A row of the target from as many rows of the source as the filter has.
  func row(_ y: Int, of image: Int, _ kernels: Kernels) {
    let taps = sourceRows.taps(at: y, count: kernel.height)
    Workspace.with(rowFloats) { row in
      if taps.isEmpty {
        row.update(repeating: 0, count: source.width * rowPixel)
      } else {
        multiply(
          source.rowPointer(image, 0), offsets: taps.map { sourceRows[y + $0]! * source.row },
          firstTap: taps.lowerBound, pixels: source.width, into: row, kernels)
      }
      sum(row, to: target.rowPointer(image, y))
    }
  }

  /// Four rows of the target, as far as there are so many, from ten of the source.
  func rows(from first: Int, of image: Int, _ winograd: WinogradRows, _ kernels: Kernels) {
    let points = WinogradRows.points, outputs = WinogradRows.outputs
    // So few pixels that they stay in a core's cache at all points.
    let atOnce = min(64, source.width)
    let data = atOnce * source.channels, products = atOnce * rowPixel
    Workspace.with(points * (data + products) + data + outputs * rowFloats) { memory in
      let dataAtPoints = pointers(memory, points, apart: data)
      let productsAtPoints = pointers(memory + points * data, points, apart: products)
      let zeros = memory + points * (data + products)
      let results = pointers(zeros + data, outputs, apart: rowFloats)
      zeros.update(repeating: 0, count: data)
      let last = target.height + kernel.height - 2
      let sources = (first..<first + points).map { y in
        sourceRows[min(y, last)].map { source.rowPointer(image, $0) }
      }
      for x in stride(from: 0, to: source.width, by: atOnce) {
        let pixels = min(atOnce, source.width - x)
        winograd.transform(
          ROWS_DATA, sources.map { $0.map { $0 + x * source.channels } ?? zeros },
          to: dataAtPoints, count: pixels * source.channels)
        for point in 0..<points {
          multiply(
            dataAtPoints[point], offsets: [0], firstTap: point, pixels: pixels,
            into: productsAtPoints[point], kernels)
        }
        winograd.transform(
          ROWS_OUTPUT, productsAtPoints, to: results.map { $0 + x * rowPixel },
          count: pixels * rowPixel)
      }
      for (y, row) in zip(first..<min(first + outputs, target.height), results) {
        sum(row, to: target.rowPointer(image, y))
      }
    }
  }

  /// All columns' results of some pixels.
  ///
  /// - Parameters:
  ///   - offsets: In floats, of the rows that meet the filter's from `firstTap` on.
  private func multiply(
    _ source: UnsafePointer<Float>, offsets: [Int], firstTap: Int, pixels: Int,
    into row: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    let channels = self.source.channels
    let panels = blocks(of: 16, covering: kernel.width * target.channels)
    var call = kernels_gemm()
    call.input = source
    call.input_pixel = channels
    call.tap_count = Int32(offsets.count)
    call.depth = Int32(channels)
    call.weights = UnsafePointer(packed.pointer + firstTap * channels * 16)
    call.weights_panel = packed.count / panels
    call.output = row
    call.output_pixel = rowPixel
    call.output_panel = 16
    call.pixels = Int32(pixels)
    call.columns = Int32(rowPixel)
    offsets.withUnsafeBufferPointer {
      call.taps = $0.baseAddress
      kernels.table.gemm(&call)
    }
  }

  /// Adds the results of a filter row's columns up along the row.
  private func sum(_ row: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    let outputs = self.target.channels
    (row + source.width * rowPixel).update(repeating: 0, count: rowPixel + 4)
    columns.withUnsafeBufferPointer { columns in
      for x in 0..<self.target.width {
        // At most four outputs; what lies behind them is added in vain.
        var sum = biases
        for kx in 0..<kernel.width {
          sum += UnsafeRawPointer(row + columns[x + kx] + kx * outputs).loadUnaligned(
            as: SIMD4<Float>.self)
        }
        for output in 0..<outputs { target[x * outputs + output] = sum[output] }
      }
    }
  }
}
