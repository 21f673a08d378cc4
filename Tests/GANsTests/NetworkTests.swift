import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Networks")
struct NetworkTests {
  @Test(
    "Parameters number as the field counts them",
    arguments: [
      (GeneratorDescription(), 11_378_179), (GeneratorDescription(blocks: 6), 7_837_699),
      (GeneratorDescription(kind: .unet, blocks: 8, norm: .batch), 54_413_955),
    ])
  func parameterCounts(description: GeneratorDescription, count: Int) {
    #expect(description.network().parameterCount == count)
  }

  @Test("A discriminator has 2,764,737 parameters")
  func discriminatorParameterCount() {
    #expect(DiscriminatorDescription().network().parameterCount == 2_764_737)
  }

  @Test("Spectral norm changes a discriminator's keys and adds no parameters")
  func spectralDiscriminator() {
    let plain = DiscriminatorDescription(filters: 2).network()
    let spectral = DiscriminatorDescription(filters: 2, isSpectral: true).network()
    #expect(spectral.parameterCount == plain.parameterCount)
    let trained = spectral.parameters.filter(\.parameter.role.isTrained).map(\.path)
    #expect(trained.count { $0.hasSuffix(".weight_orig") } == 5)
    #expect(!trained.contains { $0.hasSuffix(".weight") })
  }

  @Test(
    "A whole generator is within 1e-5 of double precision", arguments: CPUBackend.Algorithm.allCases
  )
  func precision(algorithm: CPUBackend.Algorithm) {
    let network = GeneratorDescription(blocks: 9, filters: 32).network()
    var random = SeededRandom(seed: 5, purpose: "weights")
    for named in network.parameters {
      named.parameter.initialize(using: &random, gain: 0.02)
    }
    let x = Tensor([1, 32, 36, 3]) { random.uniform(in: -1...1) }
    let exact = network(x, on: ReferenceBackend()).values
    let found = network(x, on: CPUBackend(threads: 2, algorithm: algorithm)).values
    // Each of 24 layers adds up to 3e-6, and norms carry it on.
    var error = 0.0, signal = 0.0
    for (found, exact) in zip(found, exact) {
      let difference = Double(found) - Double(exact)
      error += difference * difference
      signal += Double(exact) * Double(exact)
    }
    #expect((error / signal).squareRoot() < 1e-5)
  }

  static let layers: [(GeneratorDescription, [String])] = [
    (
      GeneratorDescription(blocks: 1, filters: 1),
      ["1", "4", "7", "10.conv_block.1", "10.conv_block.5", "11", "14", "18"].map { "model.\($0)" }
    ),
    (
      GeneratorDescription(blocks: 1, filters: 1, dropout: true),
      ["1", "4", "7", "10.conv_block.1", "10.conv_block.6", "11", "14", "18"].map { "model.\($0)" }
    ),
    (
      GeneratorDescription(blocks: 1, filters: 1, padding: .zero),
      ["1", "4", "7", "10.conv_block.0", "10.conv_block.3", "11", "14", "18"].map { "model.\($0)" }
    ),
    (
      GeneratorDescription(kind: .unet, blocks: 5, filters: 1),
      [
        "0", "1.model.1", "1.model.3.model.1", "1.model.3.model.3.model.1",
        "1.model.3.model.3.model.3.model.1", "1.model.3.model.3.model.3.model.3",
        "1.model.3.model.3.model.5", "1.model.3.model.5", "1.model.5", "3",
      ].map { "model.model.\($0)" }
    ),
  ]

  @Test("Parameters have the reference's paths", arguments: layers)
  func paths(description: GeneratorDescription, layers: [String]) {
    let expected = layers.flatMap { ["\($0).weight", "\($0).bias"] }
    #expect(description.network().parameters.map(\.path) == expected)
  }

  @Test("Batch norm takes the place of biases")
  func batchNormPaths() {
    let description = GeneratorDescription(blocks: 1, filters: 1, norm: .batch)
    let paths = description.network().parameters.map(\.path)
    #expect(!paths.contains("model.1.bias"))
    #expect(
      paths.filter { $0.hasPrefix("model.2.") }
        == ["weight", "bias", "running_mean", "running_var"].map { "model.2.\($0)" })
    #expect(paths.suffix(2) == ["model.18.weight", "model.18.bias"])
  }

  static let shapes: [(GeneratorDescription, Shape)] = [
    (GeneratorDescription(blocks: 1, filters: 2, inputChannels: 1), [2, 12, 8, 1]),
    (GeneratorDescription(blocks: 1, filters: 2, norm: .none), [1, 12, 8, 3]),
    (GeneratorDescription(blocks: 1, filters: 2, norm: .batch), [2, 12, 8, 3]),
    (
      GeneratorDescription(blocks: 1, filters: 2, padding: .zero, upsampling: .nearest),
      [1, 8, 8, 3]
    ),
    (GeneratorDescription(blocks: 1, filters: 2, dropout: true), [1, 8, 8, 3]),
    (GeneratorDescription(kind: .unet, blocks: 5, filters: 1, norm: .batch), [1, 32, 64, 3]),
    (
      GeneratorDescription(kind: .unet, blocks: 5, filters: 2, upsampling: .nearest),
      [1, 64, 64, 3]
    ),
  ]

  @Test("Every variant makes a picture of equal size in −1…1, and learns", arguments: shapes)
  func variants(description: GeneratorDescription, shape: Shape) {
    let network = description.network()
    network.initialize(seed: 1, name: "generator", gain: 0.2)
    let backend = CPUBackend(threads: 1)
    let x = Tensor.normal(shape)
    let y = network(x, on: backend)
    #expect(
      y.shape.dimensions == shape.dimensions.dropLast() + [description.outputChannels])
    #expect(y.values.allSatisfy { abs($0) <= 1 } && Set(y.values).count > 10)

    accumulateGradients(of: network, x, on: backend)
    for named in network.parameters {
      let isMoved = named.parameter.gradient?.values.contains { $0 != 0 } ?? false
      #expect(isMoved == named.parameter.role.isTrained, "\(named.path)")
    }
  }
}
