import CycleGANKit

/// A convolution of the reference networks, and what it works on.
struct BenchmarkedLayer {
  /// What a layer belongs to.
  enum Network: String {
    case generator, discriminator
  }

  /// What is computed for a layer.
  enum Verb: String, CaseIterable, Encodable {
    /// The layer itself.
    case forward
    /// The gradient of its input.
    case inputGradient = "input gradient"
    /// The gradient of its filter.
    case filterGradient = "filter gradient"
    /// Both gradients together, as training asks for them.
    case gradients = "both gradients"
  }

  /// For example `generator 3×3/2 64→128`: stride 2.
  let name: String
  /// The filter of the convolution, `[I, KH, KW, O]`.
  let filter: Shape
  /// Whether the layer is the adjoint of the convolution.
  let isTransposed: Bool
  /// How often the network has such a layer.
  let uses: Int
  private let network: Network
  private let takesPicture: Bool
  private let spec: ConvolutionSpec
  /// The larger side of the convolution, which it takes and a transposed layer makes.
  private let large: Shape
  /// What the convolution makes of it.
  private let small: Shape

  /// Describes a layer.
  ///
  /// - Parameters:
  ///   - network: What it belongs to.
  ///   - input: `[N, H, W, I]` of the convolution; what a transposed layer makes.
  ///   - outputChannels: Those of the convolution.
  ///   - kernel: Rows and columns of the filter.
  ///   - spec: How the convolution moves.
  ///   - takesPicture: Whether the layer is the network's first.
  ///   - isTransposed: Whether the layer is the adjoint of the convolution.
  ///   - uses: How often the network has such a layer.
  init(
    _ network: Network, input: Shape, to outputChannels: Int, kernel: Int, _ spec: ConvolutionSpec,
    takesPicture: Bool = false, isTransposed: Bool = false, uses: Int = 1
  ) {
    self.network = network
    self.spec = spec
    self.isTransposed = isTransposed
    self.takesPicture = takesPicture
    self.uses = uses
    filter = [input.channels, kernel, kernel, outputChannels]
    large = input
    small = spec.outputShape(input: input, filter: filter)
    let kind = isTransposed ? " transposed" : ""
    let stride = spec.stride == 1 ? "" : "/\(spec.stride)"
    let (from, to) =
      isTransposed ? (outputChannels, input.channels) : (input.channels, outputChannels)
    name = "\(network.rawValue)\(kind) \(kernel)×\(kernel)\(stride) \(from)→\(to)"
  }

  /// What the layer makes.
  var output: Shape { isTransposed ? large : small }

  /// Floating-point operations of a verb by the direct algorithm, border included.
  func operations(_ verb: Verb) -> Double {
    let once = 2 * Double(small.count / small.channels) * Double(filter.count)
    return verb == .gradients ? 2 * once : once
  }

  /// How often a training step does this, identity losses included.
  func callsPerStep(_ verb: Verb) -> Int {
    switch (network, verb) {
    case (_, .forward): return 6 * uses
    // Six translations. Four begin with a real picture, whose gradient nobody needs.
    case (.generator, .gradients): return takesPicture ? 2 : 6 * uses
    case (.generator, .filterGradient): return takesPicture ? 4 : 0
    case (.generator, .inputGradient): return 0
    // Two judgements teach the generators, four the discriminators.
    case (.discriminator, .gradients): return takesPicture ? 0 : 4
    case (.discriminator, .filterGradient): return takesPicture ? 4 : 0
    case (.discriminator, .inputGradient): return 2
    }
  }

  /// The work of a verb on random numbers.
  func work(_ verb: Verb, on backend: any Backend) -> () -> Void {
    var random = SeededRandom(seed: 1, purpose: "benchmark layer")
    func tensor(_ shape: Shape) -> Tensor { Tensor(shape) { random.uniform(in: -1...1) } }
    let large = tensor(large), small = tensor(small), weight = tensor(filter)
    let forward = { _ = backend.convolution(large, filter: weight, bias: nil, spec) }
    let inputGradient = {
      _ = backend.convolutionInputGradient(
        small, filter: weight, bias: nil, spec, inputShape: large.shape)
    }
    let filterGradient = {
      _ = backend.convolutionFilterGradient(large, small, spec, filterShape: weight.shape)
    }
    switch verb {
    case .forward: return isTransposed ? inputGradient : forward
    case .inputGradient: return isTransposed ? forward : inputGradient
    case .filterGradient: return filterGradient
    case .gradients where isTransposed:
      return {
        forward()
        filterGradient()
      }
    case .gradients:
      return { _ = backend.convolutionGradients(large, filter: weight, small, spec) }
    }
  }
}
