import Tensors

/// How a convolution moves over its input.
///
/// Kernel and channels come with the filter's shape.
public struct ConvolutionSpec: Hashable, Sendable {
  /// What stands around the picture.
  public enum Padding: Hashable, Sendable {
    /// Zeros, this many pixels on each side.
    case zero(Int)
    /// The picture mirrored at its border pixels (`dcb|abcd|cba`), this many pixels on each side.
    case reflect(Int)

    /// Pixels on each side.
    public var amount: Int {
      switch self {
      case .zero(let amount), .reflect(let amount): amount
      }
    }
  }

  /// Pixels between neighbouring windows, at least 1.
  public let stride: Int
  /// What stands around the picture.
  public let padding: Padding

  /// Creates a spec.
  public init(stride: Int = 1, padding: Padding = .zero(0)) {
    precondition(stride >= 1, "stride \(stride)")
    precondition(padding.amount >= 0, "padding \(padding.amount)")
    self.stride = stride
    self.padding = padding
  }

  /// Shape of the result `[N, OH, OW, O]` for input `[N, H, W, I]` and filter `[I, KH, KW, O]`.
  ///
  /// Traps when the channels disagree, the kernel is larger than the padded picture, or a
  /// reflection is as wide as the picture.
  public func outputShape(input: Shape, filter: Shape) -> Shape {
    precondition(filter.rank == 4, "expected a filter [I, KH, KW, O], found \(filter)")
    precondition(
      input.channels == filter[0], "\(input.channels) channels for a filter that takes \(filter[0])"
    )
    if case .reflect(let amount) = padding {
      precondition(
        amount < input.height && amount < input.width,
        "reflection of \(amount) pixels over a picture of \(input.height)×\(input.width)")
    }
    return Shape(
      batch: input.batch, height: outputExtent(input.height, kernel: filter[1]),
      width: outputExtent(input.width, kernel: filter[2]), channels: filter[3])
  }

  private func outputExtent(_ input: Int, kernel: Int) -> Int {
    let room = input + 2 * padding.amount - kernel
    precondition(room >= 0, "kernel \(kernel) over \(input) + 2·\(padding.amount) pixels")
    return room / stride + 1
  }
}
