import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// A convolution, the norm behind it and an activation: neighbours in the reference's list.
final class NormalizedLayer: Module {
  private let index: Int
  private let convolution: any Module
  private let norm: any Normalization
  private let activation: Activation
  private let reach: RowReach?

  /// - Parameters:
  ///   - index: The convolution's position in the reference's list; the norm's is the next.
  ///   - convolution: A convolution or transposed convolution.
  ///   - norm: What normalizes its result.
  ///   - activation: What follows in the same pass.
  ///   - reach: Which rows the convolution needs; nil where it is never evaluated in strips.
  init(
    _ index: Int, _ convolution: any Module, norm: any Normalization = NoNorm(),
    activation: Activation = .identity, reach: RowReach? = nil
  ) {
    self.index = index
    self.reach = reach
    self.convolution = convolution
    self.norm = norm
    self.activation = activation
  }

  var parameters: [NamedParameter] {
    convolution.parameters.map { $0.inside("\(index)") }
      + norm.parameters.map { $0.inside("\(index + 1)") }
  }

  func callAsFunction(_ x: Variable) -> Variable {
    norm(convolution(x), activation: activation)
  }

  /// The layer as evaluators know it.
  var inStrips: StripLayer {
    guard let reach else { preconditionFailure("layer \(index) does not know which rows it needs") }
    return StripLayer(convolution, reach, norm, activation)
  }
}

extension NormalizedLayer: StripNetwork {
  func evaluated<Evaluator: StripEvaluator>(_ x: Evaluator.Rows, by evaluator: Evaluator) throws
    -> Evaluator.Rows
  {
    try evaluator.layer(inStrips, of: x, residual: nil, isCheap: true)
  }
}

/// Layers one after the other, each of which knows its own positions in the reference's list.
final class Stages: Module {
  private let name: String
  private let stages: [any Module]

  /// - Parameters:
  ///   - name: What the reference calls the list.
  ///   - stages: The layers.
  init(_ name: String, _ stages: [any Module]) {
    self.name = name
    self.stages = stages
  }

  var parameters: [NamedParameter] { stages.flatMap { $0.parameters.map { $0.inside(name) } } }

  func callAsFunction(_ x: Variable) -> Variable { stages.reduce(x) { $1($0) } }
}

extension GeneratorDescription.Norm {
  /// The norm over so many channels.
  func layer(channels: Int) -> any Normalization {
    switch self {
    case .instance: InstanceNorm()
    case .batch: BatchNorm(channels: channels)
    case .none: NoNorm()
    }
  }

  /// The bias of a convolution in front of the norm.
  ///
  /// The reference has biases with instance norm only, where the norm subtracts them again.
  var biasBefore: Bias { self == .instance ? .inert : .none }

  /// The bias of a convolution that the reference treats like those in front of the norm, though
  /// no norm follows.
  var biasWithout: Bias { self == .instance ? .trained : .none }
}
