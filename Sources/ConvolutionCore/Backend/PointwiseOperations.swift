import Tensors

/// A function of one number, applied to every element.
///
/// The set is closed: with `combine` and `affine` it expresses its own derivatives, so gradients
/// of gradients need nothing else.
public enum Pointwise: Hashable, Sendable {
  /// x where positive, `slope`·x elsewhere; slope 0 is ReLU. `slope` in 0…1.
  case leakyReLU(slope: Float)
  /// 1 where x is positive, `slope` elsewhere: what `leakyReLU` multiplies by.
  case step(slope: Float)
  /// Hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// log(1 + eˣ), without overflow.
  case softplus
  /// |x|.
  case absolute
  /// −1, 0 or 1.
  case sign
  /// x².
  case square
  /// √x.
  case squareRoot
  /// 1 / x.
  case reciprocal

  /// max(x, 0).
  public static let relu = Pointwise.leakyReLU(slope: 0)

  /// Whether the derivative is computed from the output, so that the input need not be kept.
  public var derivativeUsesOutput: Bool {
    switch self {
    case .leakyReLU, .tanh, .sigmoid, .squareRoot, .reciprocal: true
    case .step, .softplus, .absolute, .sign, .square: false
    }
  }
}

/// What two elements make together.
public enum Combination: Hashable, Sendable {
  /// a + b.
  case add
  /// a − b.
  case subtract
  /// a · b.
  case multiply
}

/// Operations on each element by itself, and the moving of channels.
public protocol PointwiseOperations: Sendable {
  /// function(x), element by element.
  func map(_ function: Pointwise, _ x: Tensor) -> Tensor

  /// function′(x) · dy in one pass: the adjoint of `map`.
  ///
  /// - Parameters:
  ///   - saved: The output of `map` where `derivativeUsesOutput` holds, else its input.
  ///   - dy: Gradient of the output.
  func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor

  /// a ∘ b, element by element.
  ///
  /// - Parameters:
  ///   - a: Any shape; the result has it.
  ///   - b: The same shape, or one that `Broadcast` spreads over it.
  func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor

  /// scale · x + shift, element by element.
  func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor

  /// Adds `y` to `x` in place; equal shapes.
  func accumulate(_ x: inout Tensor, adding y: Tensor)

  /// Puts tensors of equal batch, height and width behind one another along the channels.
  ///
  /// - Returns: `[N, H, W, C₁ + C₂ + …]`.
  func concatenateChannels(_ parts: [Tensor]) -> Tensor

  /// Some channels of `[N, H, W, C]`.
  ///
  /// - Returns: `[N, H, W, channels.count]`.
  func sliceChannels(_ x: Tensor, _ channels: Range<Int>) -> Tensor

  /// Moves each picture of `[N, H, W, C]` by whole pixels; zeros come in from outside.
  ///
  /// - Parameter offsets: Where the pixel at (0, 0) goes, one per picture.
  func shift(_ x: Tensor, by offsets: [PixelOffset]) -> Tensor
}

/// A way in whole pixels: rows downwards, columns to the right.
public struct PixelOffset: Hashable, Sendable {
  /// Rows downwards.
  public let rows: Int
  /// Columns to the right.
  public let columns: Int

  /// Creates an offset.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// No way at all.
  public static let zero = PixelOffset(rows: 0, columns: 0)

  /// The way back.
  public var opposite: PixelOffset { PixelOffset(rows: -rows, columns: -columns) }
}

extension PointwiseOperations {
  /// The only elements of tensors that have one each, read together: a device that works by itself is
  /// waited for once.
  ///
  /// Traps if a tensor has several elements.
  public func scalars(_ tensors: [Tensor]) -> [Float] {
    guard !tensors.isEmpty else { return [] }
    return concatenateChannels(tensors.map { $0.reshaped([1, 1, 1, 1]) }).values
  }
}
