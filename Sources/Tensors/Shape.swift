/// The extents of a tensor, outermost first.
///
/// Pictures and activations are `[N, H, W, C]`: pictures in the batch, rows, columns, channels.
/// Convolution filters are `[I, KH, KW, O]`: input channels, rows, columns, output channels.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extents, outermost first.
  ///
  /// Empty for a scalar.
  public let dimensions: [Int]

  /// Creates a shape.
  ///
  /// Traps on a negative extent.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  /// Creates a shape from a literal: `let shape: Shape = [1, 256, 256, 3]`.
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// The number of extents.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of the extents, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The extent along an axis, counted from the outermost.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// For example `[1, 256, 256, 3]`.
  public var description: String { dimensions.description }
}

/// The four extents of `[N, H, W, C]` under their own names.
extension Shape {
  /// Creates the shape `[N, H, W, C]`.
  public init(batch: Int, height: Int, width: Int, channels: Int) {
    self.init([batch, height, width, channels])
  }

  /// Pictures in the batch.
  ///
  /// Traps unless the rank is 4.
  public var batch: Int { extent(0) }

  /// Rows.
  ///
  /// Traps unless the rank is 4.
  public var height: Int { extent(1) }

  /// Columns.
  ///
  /// Traps unless the rank is 4.
  public var width: Int { extent(2) }

  /// Channels.
  ///
  /// Traps unless the rank is 4.
  public var channels: Int { extent(3) }

  private func extent(_ axis: Int) -> Int {
    precondition(rank == 4, "expected [N, H, W, C], found \(self)")
    return dimensions[axis]
  }
}
