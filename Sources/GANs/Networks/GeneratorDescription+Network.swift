import Checkpoints
import ConvolutionCore
import Layers

extension GeneratorDescription {
  /// Builds the network; its weights are zero until initialized or loaded.
  public func network() -> any Module { stripNetwork() }

  /// Builds the network as one that can also be evaluated in strips.
  package func stripNetwork() -> any StripNetwork {
    switch kind {
    case .resnet: ResNetGenerator(self)
    case .unet: UNetGenerator(self)
    }
  }

  /// Weights that the network has at least: all but those at its ends, where it has many filters.
  ///
  /// Known without building it, of however absurd numbers.
  package var leastParameters: Double {
    let filters = Double(filters), blocks = Double(blocks)
    return switch kind {
    // Two convolutions of 4f channels in a block, 3 × 3; two that lead there, two that lead back.
    case .resnet: filters * filters * (288 * blocks + 180)
    // Each level but four goes from 8f channels to 8f, 4 × 4, and comes back as wide.
    case .unet: filters * filters * 16 * 128 * (blocks - 4)
    }
  }

  /// Heights and widths must be multiples of this.
  public var sizeMultiple: Int {
    switch kind {
    case .resnet: 4
    case .unet: 1 << blocks
    }
  }

  /// Which rows a layer that doubles the resolution needs.
  func upsamplingReach(kernel: Int, outputPadding: Int) -> RowReach {
    switch upsampling {
    case .transposed:
      .transposed(kernel: kernel, stride: 2, padding: 1, outputPadding: outputPadding)
    case .nearest: .repeated(factor: 2, kernel: 3)
    }
  }

  /// A layer that doubles the resolution.
  func upsampling(
    from inputChannels: Int, to outputChannels: Int, kernel: Int, outputPadding: Int, bias: Bias
  ) -> any Module {
    switch upsampling {
    case .transposed:
      ConvTranspose2D(
        inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: 2,
        padding: 1, outputPadding: outputPadding, bias: bias)
    case .nearest:
      UpsamplingConv2D(inputChannels: inputChannels, outputChannels: outputChannels, bias: bias)
    }
  }
}
