import CKernels
import Tensors

/// Winograd's F(4, 7) down the rows, for 7×7 layers with few channels on one side.
///
/// Ten rows of data become ten others, and the filter's seven rows too; ten convolutions of 1×7, of
/// those rows with one another, make four rows of results: 70 products of rows where there were 196.
/// Along the row nothing changes, so windows and columns of a filter row stay what they are.
///
/// - SeeAlso: Lavin and Gray, arXiv:1509.09308.
struct WinogradRows {
  /// Rows of results that are made together.
  static let outputs = 4
  /// Rows of the filter.
  static let taps = 7
  /// Rows of data that meet them, and as many transformed ones.
  static let points = outputs + taps - 1

  private let kernels: Kernels

  /// Nil for other layers, and where direct convolution is meant.
  init?(for g: ConvolutionGeometry, on backend: CPUBackend) {
    guard g.stride == 1, g.kernelHeight == Self.taps,
      g.kernelWidth * min(g.inputChannels, g.outputChannels) <= 64,
      g.padding < Self.taps, g.padding < g.kernelWidth
    else { return nil }
    switch backend.algorithm {
    case .auto, .winograd4: kernels = backend.kernels
    case .direct, .winograd2: return nil
    }
  }

  /// Transforms rows into others, element by element.
  func transform(
    _ transform: kernels_row_transform, _ rows: [UnsafeMutablePointer<Float>],
    to results: [UnsafeMutablePointer<Float>], count: Int
  ) {
    rows.map { UnsafePointer($0) as UnsafePointer<Float>? }.withUnsafeBufferPointer { from in
      results.map { $0 as UnsafeMutablePointer<Float>? }.withUnsafeBufferPointer { to in
        var call = kernels_rows(
          transform: transform, from: from.baseAddress, to: to.baseAddress, count: count)
        kernels.table.winograd_rows(&call)
      }
    }
  }

  /// The filter `[I, 7, KW, O]` at the points, `[I, 10, KW, O]`.
  ///
  /// - Parameter isTurned: Whether its rows count from the last.
  func atPoints(_ filter: Tensor, isTurned: Bool = false) -> Tensor {
    let shape = filter.shape, count = shape[2] * shape[3]
    let result = Tensor(uninitialized: [shape[0], Self.points, shape[2], shape[3]])
    withExtendedLifetime((filter, result)) {
      for input in 0..<shape[0] {
        let taps = pointers(
          filter.storage.pointer + input * Self.taps * count, Self.taps, apart: count)
        transform(
          ROWS_FILTER, isTurned ? taps.reversed() : taps,
          to: pointers(
            result.storage.pointer + input * Self.points * count, Self.points, apart: count),
          count: count)
      }
    }
    return result
  }

  /// Brings a gradient at the points, `[inputs][10][count]`, back to the filter's,
  /// `[inputs][7][count]`.
  func gather(
    _ atPoints: UnsafeMutablePointer<Float>, into filter: UnsafeMutablePointer<Float>,
    inputs: Int, count: Int
  ) {
    for input in 0..<inputs {
      transform(
        ROWS_FILTER_ADJOINT,
        pointers(atPoints + input * Self.points * count, Self.points, apart: count),
        to: pointers(filter + input * Self.taps * count, Self.taps, apart: count), count: count)
    }
  }
}

/// Pointers to rows that lie one after the other.
func pointers(_ first: UnsafeMutablePointer<Float>, _ count: Int, apart floats: Int)
  -> [UnsafeMutablePointer<Float>]
{
  (0..<count).map { first + $0 * floats }
}

// MARK: - Few source channels

extension WinogradRows {
  /// A convolution of a map of few channels, with its border, and a filter at the points.
  ///
  /// - Parameters:
  ///   - source: Row y of `target` comes of its rows y to y + 6, pixel x of its pixels from x on.
  ///   - weights: `[channels / 16][10][KW · source's channels][16]`.
  ///   - depth: KW · source's channels.
  ///   - bias: Of each channel of `target`.
  func convolution(
    _ source: Map, weights: TensorStorage, depth: Int, bias: Tensor?, into target: Map,
    _ pool: ThreadPool
  ) {
    // So many pixels that what becomes of them at all points stays in a core's cache.
    let atOnce = max(12, 6144 / target.channels / 12 * 12)
    let groups = blocks(of: Self.outputs, covering: target.height)
    pool.forEach(target.batch * groups) { task in
      let (image, group) = task.quotientAndRemainder(dividingBy: groups)
      let first = group * Self.outputs
      let products = atOnce * target.channels
      Workspace.with(Self.points * (source.row + products) + products) { memory in
        let data = pointers(memory, Self.points, apart: source.row)
        let atPoints = pointers(
          memory + Self.points * source.row, Self.points, apart: products)
        let unwanted = memory + Self.points * (source.row + products)
        transform(
          ROWS_DATA,
          (0..<Self.points).map {
            source.rowPointer(image, min(first + $0, source.height - 1))
          }, to: data, count: source.row)
        for x in stride(from: 0, to: target.width, by: atOnce) {
          let pixels = min(atOnce, target.width - x)
          for point in 0..<Self.points {
            multiply(
              data[point] + x * source.channels, source.channels, pixels, point, weights,
              depth: depth, into: atPoints[point], channels: target.channels)
          }
          let results = (first..<first + Self.outputs).map {
            $0 < target.height
              ? target.rowPointer(image, $0) + x * target.channels : unwanted
          }
          transform(ROWS_OUTPUT, atPoints, to: results, count: pixels * target.channels)
        }
        if let bias {
          for y in first..<min(first + Self.outputs, target.height) {
            add(bias, to: target.rowPointer(image, y), pixels: target.width)
          }
        }
      }
    }
  }

  private func multiply(
    _ data: UnsafePointer<Float>, _ pixel: Int, _ pixels: Int, _ point: Int,
    _ weights: TensorStorage, depth: Int, into products: UnsafeMutablePointer<Float>,
    channels: Int
  ) {
    var tap = 0
    var call = kernels_gemm(
      input: data, input_pixel: pixel, taps: nil, tap_count: 1, depth: Int32(depth),
      weights: weights.pointer + point * depth * 16, weights_panel: Self.points * depth * 16,
      bias: nil, output: products, output_pixel: channels, output_panel: 16,
      pixels: Int32(pixels), columns: Int32(channels), accumulate: false, fetch: false,
      stream: false)
    withUnsafePointer(to: &tap) {
      call.taps = $0
      kernels.table.gemm(&call)
    }
  }

  private func add(_ bias: Tensor, to row: UnsafeMutablePointer<Float>, pixels: Int) {
    bias.withPointer { values in
      for x in 0..<pixels {
        let pixel = row + x * bias.count
        for channel in 0..<bias.count { pixel[channel] += values[channel] }
      }
    }
  }
}
