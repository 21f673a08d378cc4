import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `ReductionOperations.sum`.
  public func sum(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(shape, over: x.shape)
    let (y, written) = makeTensor(shape)
    let cut = SumCut(pattern)
    let parts = cut.makeParts(kinds: 1, on: device)
    device.launch(
      .sumsParts, cut.partsShape, .elements(elements(x)), .elements(parts),
      .count(pattern.repeated), .count(pattern.inner), .count(cut.width), .count(cut.rowsPerPart))
    device.launch(
      .sumsTotal, cut.totalShape, .elements(parts), .elements(written), .count(cut.parts),
      .count(pattern.inner), .count(cut.totalWidth))
    return y
  }

  /// See `ReductionOperations.broadcast`.
  public func broadcast(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(x.shape, over: shape)
    let (y, written) = makeTensor(shape)
    device.launch(
      .broadcast, .elements(shape.count), .elements(elements(x)), .elements(written),
      .count(shape.count), .count(pattern.block), .count(pattern.inner))
    return y
  }
}

/// How `[outer, rows, columns]` is cut for the two kernels that add up its rows; by the shape alone.
struct SumCut {
  private static let threads = 256
  /// Rows that one thread adds up.
  private static let rowsPerLane = 16
  /// At most so many parts, which the second kernel adds up.
  private static let mostParts = 1024

  let outer: Int, rows: Int, columns: Int
  /// Columns of a block in the first kernel, a power of two.
  let width: Int
  /// Columns of a block in the second kernel, fewer, so that more lanes share the parts.
  let totalWidth: Int
  let rowsPerPart: Int
  let parts: Int

  init(_ pattern: Broadcast) {
    outer = pattern.outer
    rows = pattern.repeated
    columns = pattern.inner
    precondition(
      outer * rows * columns < 1 << 31 && outer < 1 << 16,
      "\(outer)·\(rows)·\(columns) elements in one sum; kernels count to 2³¹")
    var width = 1
    while width < min(columns, 32) { width *= 2 }
    self.width = width
    totalWidth = min(width, 8)
    let least = Self.threads / width * Self.rowsPerLane
    rowsPerPart = max(least, (rows + Self.mostParts - 1) / Self.mostParts)
    parts = max(1, (rows + rowsPerPart - 1) / rowsPerPart)
  }

  var partsShape: LaunchShape {
    LaunchShape(grid: ((columns + width - 1) / width, parts, outer))
  }

  var totalShape: LaunchShape {
    LaunchShape(grid: ((columns + totalWidth - 1) / totalWidth, 1, outer))
  }

  /// Memory for part sums, doubles.
  func makeParts(kinds: Int, on device: CUDADevice) -> CUDAElements {
    CUDAElements(bytes: outer * parts * kinds * columns * MemoryLayout<Double>.stride, on: device)
  }
}
