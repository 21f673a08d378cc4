import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// Two halvings of the resolution, residual blocks, two doublings.
///
/// - SeeAlso: Johnson et al., arXiv:1603.08155; Zhu et al., arXiv:1703.10593.
public final class ResNetGenerator: Module {
  private let stages: Stages
  private let strips: [any StripNetwork]
  private let last: NormalizedLayer

  /// Creates the network, zeros throughout.
  public init(_ description: GeneratorDescription) {
    precondition(description.kind == .resnet, "a ResNet from a description of \(description.kind)")
    let filters = description.filters, norm = description.norm
    let wide = 4 * filters, blocks = description.blocks

    let first = Conv2D(
      inputChannels: description.inputChannels, outputChannels: filters, kernel: 7,
      padding: .reflect(3), bias: norm.biasBefore)
    var stages: [any StripNetwork] = [
      NormalizedLayer(
        1, first, norm: norm.layer(channels: filters), activation: .relu,
        reach: .convolution(kernel: 7, stride: 1, padding: 3))
    ]
    for (index, channels) in [(4, filters), (7, 2 * filters)] {
      let halving = Conv2D(
        inputChannels: channels, outputChannels: 2 * channels, kernel: 3, stride: 2,
        padding: .zero(1), bias: norm.biasBefore)
      stages.append(
        NormalizedLayer(
          index, halving, norm: norm.layer(channels: 2 * channels), activation: .relu,
          reach: .convolution(kernel: 3, stride: 2, padding: 1)))
    }
    for block in 0..<blocks {
      stages.append(ResidualBlock(10 + block, channels: wide, description))
    }
    for (index, channels) in [(10 + blocks, wide), (13 + blocks, wide / 2)] {
      let doubling = description.upsampling(
        from: channels, to: channels / 2, kernel: 3, outputPadding: 1, bias: norm.biasBefore)
      stages.append(
        NormalizedLayer(
          index, doubling, norm: norm.layer(channels: channels / 2), activation: .relu,
          reach: description.upsamplingReach(kernel: 3, outputPadding: 1)))
    }
    let final = Conv2D(
      inputChannels: filters, outputChannels: description.outputChannels, kernel: 7,
      padding: .reflect(3))
    last = NormalizedLayer(
      17 + blocks, final, reach: .convolution(kernel: 7, stride: 1, padding: 3))
    strips = stages
    self.stages = Stages("model", stages + [last, Activated(.tanh)])
  }

  /// With the reference's paths: `model.1.weight`, `model.10.conv_block.1.weight`, ….
  public var parameters: [NamedParameter] { stages.parameters }

  /// Translates pictures `[N, H, W, C]` in −1…1 whose sizes are multiples of 4.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}

extension ResNetGenerator: StripNetwork {
  package func evaluated<Evaluator: StripEvaluator>(
    _ x: Evaluator.Rows, by evaluator: Evaluator
  ) throws -> Evaluator.Rows {
    let inner = try strips.reduce(x) { try $1.evaluated($0, by: evaluator) }
    return try evaluator.map(.tanh, evaluator.lastLayer(last.inStrips, of: inner))
  }
}

/// x + norm(conv(relu(norm(conv(x))))).
///
/// - SeeAlso: He et al., arXiv:1512.03385.
private final class ResidualBlock: Module {
  private let index: Int
  private let positions: (first: Int, second: Int)
  private let convolutions: (first: Conv2D, second: Conv2D)
  private let norms: (first: any Normalization, second: any Normalization)
  private let dropout: Dropout?

  init(_ index: Int, channels: Int, _ description: GeneratorDescription) {
    func convolution() -> Conv2D {
      Conv2D(
        inputChannels: channels, outputChannels: channels, kernel: 3,
        padding: description.padding == .reflect ? .reflect(1) : .zero(1),
        bias: description.norm.biasBefore)
    }
    self.index = index
    convolutions = (convolution(), convolution())
    norms = (
      description.norm.layer(channels: channels), description.norm.layer(channels: channels)
    )
    dropout = description.dropout ? Dropout() : nil

    // In the reference's list, reflection and dropout take places of their own.
    let reflections = description.padding == .reflect ? 1 : 0
    positions = (reflections, 3 + 2 * reflections + (description.dropout ? 1 : 0))
  }

  var parameters: [NamedParameter] {
    let layers: [(Int, any Module)] = [
      (positions.first, convolutions.first), (positions.first + 1, norms.first),
      (positions.second, convolutions.second), (positions.second + 1, norms.second),
    ]
    return layers.flatMap { position, layer in
      layer.parameters.map { $0.inside("\(index).conv_block.\(position)") }
    }
  }

  func callAsFunction(_ x: Variable) -> Variable {
    var y = norms.first(convolutions.first(x), activation: .relu)
    if let dropout { y = dropout(y) }
    return norms.second(convolutions.second(y), activation: .identity, residual: x)
  }
}

extension ResidualBlock: StripNetwork {
  func evaluated<Evaluator: StripEvaluator>(_ x: Evaluator.Rows, by evaluator: Evaluator) throws
    -> Evaluator.Rows
  {
    let reach = RowReach.convolution(kernel: 3, stride: 1, padding: 1)
    let x = try evaluator.kept(x)
    let y = try evaluator.layer(
      StripLayer(convolutions.first, reach, norms.first, .relu), of: x, residual: nil,
      isCheap: false)
    return try evaluator.layer(
      StripLayer(convolutions.second, reach, norms.second, .identity), of: y, residual: x,
      isCheap: false)
  }
}
