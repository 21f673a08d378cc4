import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `ReductionOperations.sum`.
  public func sum(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(shape, over: x.shape)
    let (y, written) = makeTensor(shape)
    let cut = SumCut(pattern)
    queue.launch(
      .sums, cut.shape, .elements(elements(x)), .elements(written),
      .notes(cut.makeParts(kinds: 1, on: queue)), .arrivals(queue), .count(cut.rows),
      .count(cut.columns), .count(cut.width), .count(cut.rowsPerPart))
    return y
  }

  /// See `ReductionOperations.broadcast`.
  public func broadcast(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(x.shape, over: shape)
    let source = elements(x)
    let (y, written) = makeTensor(shape, source.format)
    queue.launch(
      .broadcast, .groups(shape.count), .elements(source), .elements(written),
      .count(shape.count), .count(pattern.block), .count(pattern.inner))
    return y
  }
}

/// How `[outer, rows, columns]` is cut for a kernel that adds up its rows; by the shape alone.
struct SumCut {
  /// Rows that one thread adds up, if there are many.
  private static let rowsPerLane = 4
  /// At most so many parts, which the last block adds up.
  private static let mostParts = 256

  let outer: Int, rows: Int, columns: Int
  /// Neighbouring columns that one thread adds up; as in `Kernels/sums.cu`.
  private let wide: Int
  /// Groups of columns of a block, a power of two.
  let width: Int
  let rowsPerPart: Int
  private let parts: Int

  init(_ pattern: Broadcast) {
    outer = pattern.outer
    rows = pattern.repeated
    columns = pattern.inner
    LaunchShape.requireCountable(outer * rows * columns)
    precondition(outer < 1 << 16, "\(outer) sums side by side; a grid is that deep at most")
    wide = columns % LaunchShape.group == 0 ? LaunchShape.group : 1
    var width = 1
    while width < min(columns / wide, 32) { width *= 2 }
    self.width = width
    let least = LaunchShape.threads / width * Self.rowsPerLane
    rowsPerPart = max(least, (rows + Self.mostParts - 1) / Self.mostParts)
    parts = max(1, (rows + rowsPerPart - 1) / rowsPerPart)
    precondition(
      parts == 1 || outer * blocks <= CUDADevice.mostArrivals, "\(outer)·\(columns) long sums")
  }

  private var blocks: Int { (columns + width * wide - 1) / (width * wide) }

  var shape: LaunchShape { LaunchShape(grid: (blocks, parts, outer)) }

  /// Memory for part sums, doubles.
  func makeParts(kinds: Int, on queue: CUDAQueue) -> CUDAElements {
    CUDAElements(bytes: outer * parts * kinds * columns * MemoryLayout<Double>.stride, on: queue)
  }
}
