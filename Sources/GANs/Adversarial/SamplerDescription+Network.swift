import Checkpoints
import Layers
import Tensors

extension SamplerDescription {
  /// Builds the network; its weights are zero until initialized or loaded.
  public func network() -> LabelledNetwork {
    let body: any Module =
      switch kind {
      case .perceptron: PerceptronGenerator(self)
      case .convolutional: ConvolutionalGenerator(self)
      }
    return LabelledNetwork(body, classes: classes, embedding: embedding, isFlat: true)
  }

  /// Draws noise.
  ///
  /// - Returns: `[count, 1, 1, latent]`.
  public func noise(_ count: Int, using random: inout SeededRandom) -> Tensor {
    let shape: Shape = [count, 1, 1, latent]
    return switch noise {
    case .normal: Tensor(shape) { random.normal() }
    case .uniform: Tensor(shape) { random.uniform(in: -1...1) }
    }
  }
}

extension SamplerDescription.Kind {
  /// Standard deviation of the first weights; nil for one that fits each layer's inputs.
  ///
  /// Convolutions with a norm behind them begin as in DCGAN's paper; perceptrons have no norm that
  /// would make up for it.
  public var gain: Float? { self == .convolutional ? 0.02 : nil }
}

extension SamplerDescription.Norm {
  /// The norm over so many channels.
  func layer(channels: Int) -> any Normalization {
    switch self {
    case .none: NoNorm()
    case .batch: BatchNorm(channels: channels)
    case .instance: InstanceNorm()
    case .layer: LayerNorm(channels: channels)
    }
  }

  /// The bias of a layer in front of the norm, which has a shift of its own.
  var biasBefore: Bias { self == .none ? .trained : .none }
}
