import Tensors

/// How a small tensor spreads over a large one: `[outer, inner]` read as `[outer, repeated, inner]`.
///
/// Shapes are aligned at their last axes; missing and unit extents are repeated. The repeated
/// axes must be neighbours, which covers what networks use:
///
/// | small | over `[N, H, W, C]` | outer | repeated | inner |
/// |---|---|---|---|---|
/// | `[]` | one value | 1 | N·H·W·C | 1 |
/// | `[C]`, `[1, 1, 1, C]` | one per channel | 1 | N·H·W | C |
/// | `[N, 1, 1, C]` | one per picture and channel | N | H·W | C |
/// | `[N, 1, 1, 1]` | one per picture | N | H·W·C | 1 |
public struct Broadcast: Hashable, Sendable {
  /// How many blocks the small tensor consists of.
  public let outer: Int
  /// How often each block is repeated.
  public let repeated: Int
  /// Elements of a block, contiguous in both tensors.
  public let inner: Int

  /// Finds how `small` spreads over `large`.
  ///
  /// Traps where it does not.
  public init(_ small: Shape, over large: Shape) {
    precondition(small.rank <= large.rank, "\(small) does not spread over \(large)")
    let padded = Array(repeating: 1, count: large.rank - small.rank) + small.dimensions
    let differs = zip(padded, large.dimensions).map { $0 != $1 }
    let first = differs.firstIndex(of: true) ?? 0
    let end = (differs.lastIndex(of: true) ?? -1) + 1
    let fits = padded[first..<max(first, end)].allSatisfy { $0 == 1 }
    precondition(fits, "\(small) does not spread over \(large)")
    outer = large.dimensions[..<first].reduce(1, *)
    repeated = end > first ? large.dimensions[first..<end].reduce(1, *) : 1
    inner = large.dimensions[max(first, end)...].reduce(1, *)
  }
}
