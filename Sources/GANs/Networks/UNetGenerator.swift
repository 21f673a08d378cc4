import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// Encoder and decoder with skip connections between equal resolutions.
///
/// - SeeAlso: Ronneberger et al., arXiv:1505.04597; Isola et al., arXiv:1611.07004.
public final class UNetGenerator: Module {
  private let outermost: UNetLevel

  /// Creates the network, zeros throughout; traps below five halvings.
  public init(_ description: GeneratorDescription) {
    precondition(description.kind == .unet, "a U-Net from a description of \(description.kind)")
    precondition(description.blocks >= 5, "a U-Net of \(description.blocks) halvings, 5 at least")
    let filters = description.filters
    var level = UNetLevel(description, outer: 8 * filters, inner: 8 * filters, below: nil)
    for _ in 0..<description.blocks - 5 {
      level = UNetLevel(
        description, outer: 8 * filters, inner: 8 * filters, below: level,
        dropout: description.dropout)
    }
    for outer in [4 * filters, 2 * filters, filters] {
      level = UNetLevel(description, outer: outer, inner: 2 * outer, below: level)
    }
    outermost = UNetLevel(
      description, outer: description.outputChannels, inner: filters, below: level,
      isOutermost: true)
  }

  /// With the reference's paths: `model.model.0.weight`, `model.model.1.model.1.weight`, ….
  public var parameters: [NamedParameter] { outermost.parameters.map { $0.inside("model") } }

  /// Translates pictures `[N, H, W, C]` in −1…1 whose sizes are multiples of 2^halvings.
  public func callAsFunction(_ x: Variable) -> Variable { outermost(x) }
}

extension UNetGenerator: StripNetwork {
  package func evaluated<Evaluator: StripEvaluator>(
    _ x: Evaluator.Rows, by evaluator: Evaluator
  ) throws -> Evaluator.Rows {
    try outermost.evaluated(x, by: evaluator)
  }
}

/// One way down, what lies below, one way up; the input is joined to the output.
///
/// In the reference each level begins with LeakyReLU and each way up with ReLU. Here an activation
/// is applied where its input is made, in the norm's pass; since ReLU of LeakyReLU is ReLU, the
/// joined input needs no other copy.
private final class UNetLevel: Module {
  private let isOutermost: Bool
  private let down: NormalizedLayer
  private let below: UNetLevel?
  private let up: NormalizedLayer
  private let dropout: Dropout?

  init(
    _ description: GeneratorDescription, outer: Int, inner: Int, below: UNetLevel?,
    dropout: Bool = false, isOutermost: Bool = false
  ) {
    self.isOutermost = isOutermost
    self.below = below
    self.dropout = dropout ? Dropout() : nil
    let norm = description.norm
    let isNormalizedDown = !isOutermost && below != nil

    let downwards = Conv2D(
      inputChannels: isOutermost ? description.inputChannels : outer, outputChannels: inner,
      kernel: 4, stride: 2, padding: .zero(1),
      bias: isNormalizedDown ? norm.biasBefore : norm.biasWithout)
    let upwards = description.upsampling(
      from: below == nil ? inner : 2 * inner, to: outer, kernel: 4, outputPadding: 0,
      bias: isOutermost ? .trained : norm.biasBefore)

    // Positions in the reference's list: (LeakyReLU), down, (norm), (below), ReLU, up, (norm).
    let downPosition = isOutermost ? 0 : 1
    let upPosition = isOutermost ? 3 : below == nil ? 3 : 5
    down = NormalizedLayer(
      downPosition, downwards,
      norm: isNormalizedDown ? norm.layer(channels: inner) : NoNorm(),
      activation: below == nil ? .relu : .leakyReLU(slope: 0.2),
      reach: .convolution(kernel: 4, stride: 2, padding: 1))
    up = NormalizedLayer(
      upPosition, upwards, norm: isOutermost ? NoNorm() : norm.layer(channels: outer),
      activation: isOutermost ? .identity : .relu,
      reach: description.upsamplingReach(kernel: 4, outputPadding: 0))
  }

  var parameters: [NamedParameter] {
    let position = isOutermost ? 1 : 3
    let inside = below?.parameters.map { $0.inside("\(position)") } ?? []
    return (down.parameters + inside + up.parameters).map { $0.inside("model") }
  }

  /// Takes activated channels (the outermost level: pictures) and returns activated channels.
  func callAsFunction(_ x: Variable) -> Variable {
    let inner = down(x)
    let outer = up(below?(inner) ?? inner)
    if isOutermost { return outer.tanh() }
    return concatenateChannels([x.map(.relu), dropout?(outer) ?? outer])
  }
}

extension UNetLevel: StripNetwork {
  func evaluated<Evaluator: StripEvaluator>(_ x: Evaluator.Rows, by evaluator: Evaluator) throws
    -> Evaluator.Rows
  {
    let inner = try down.evaluated(x, by: evaluator)
    let lower = try below?.evaluated(inner, by: evaluator) ?? inner
    if isOutermost { return try evaluator.map(.tanh, evaluator.lastLayer(up.inStrips, of: lower)) }
    return try evaluator.concatenated([
      evaluator.map(.relu, x), up.evaluated(lower, by: evaluator),
    ])
  }
}
