import Autograd
import ConvolutionCore
import Tensors

/// A convolution with its filter and bias.
public final class Conv2D: Module {
  /// Filter `[I, KH, KW, O]`.
  public let weight: Parameter
  /// `[O]`; nil for none.
  public let bias: Parameter?
  private let filter: Filter
  private let spec: ConvolutionSpec

  /// Creates the layer, zeros throughout.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the input.
  ///   - outputChannels: Channels of the output.
  ///   - kernel: Rows and columns of the filter.
  ///   - stride: Pixels between windows.
  ///   - padding: What stands around the picture.
  ///   - bias: Whether there is a bias, and whether it matters.
  ///   - isSpectral: Whether the filter is divided by its largest singular value.
  public init(
    inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1,
    padding: ConvolutionSpec.Padding = .zero(0), bias: Bias = .trained, isSpectral: Bool = false
  ) {
    weight = Parameter([inputChannels, kernel, kernel, outputChannels], role: .weight)
    filter = Filter(weight, isSpectral: isSpectral)
    self.bias = bias.parameter(channels: outputChannels)
    spec = ConvolutionSpec(stride: stride, padding: padding)
  }

  /// `weight`, and `bias` if there is one.
  public var parameters: [NamedParameter] { filter.parameters(with: bias) }

  /// Convolves `[N, H, W, I]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    convolution(x, filter: filter.on(x.tape), bias: bias?.computed(on: x.tape), spec)
  }
}

/// Whether a convolution adds a bias.
public enum Bias: Hashable, Sendable {
  /// No bias.
  case none
  /// A bias that is added and trained.
  case trained
  /// A bias that the norm behind it would subtract again: it stands in the file only.
  case inert

  func parameter(channels: Int) -> Parameter? {
    switch self {
    case .none: nil
    case .trained: Parameter([channels], role: .bias)
    case .inert: Parameter([channels], role: .inertBias)
    }
  }
}

extension Parameter {
  /// A bias as it enters the computation: not at all if it is inert.
  func computed(on tape: Tape) -> Variable? { role == .inertBias ? nil : on(tape) }
}
