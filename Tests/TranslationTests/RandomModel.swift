import Checkpoints
import GANs
import Images
import Layers
import Tensors

/// A model of random weights, large enough that translations differ from grey.
func randomModel(_ generator: GeneratorDescription, seed: UInt64 = 1) -> ModelFile {
  let description = ModelDescription(domains: .init(a: "summer", b: "winter"), generator: generator)
  let generators = Direction.allCases.map { direction in
    let network = description.generator(direction).network()
    network.initialize(seed: seed, name: direction.rawValue, gain: 0.2)
    return (direction, network.values)
  }
  return ModelFile(
    description: description, generators: Dictionary(uniqueKeysWithValues: generators))
}

/// A picture of random levels, smooth enough to be a picture.
func randomPicture(width: Int, height: Int, channels: Int = 3, seed: UInt64 = 1) -> Image {
  var random = SeededRandom(seed: seed, purpose: "test picture")
  let coarse = Image(
    width: 4, height: 4, channels: channels,
    samples: (0..<16 * channels).map { _ in UInt8(random.integer(below: 256)) })
  return coarse.resized(width: width, height: height)
}

/// Two blocks of four filters.
let tinyResNet = GeneratorDescription(blocks: 2, filters: 4)

/// Five halvings: pictures in multiples of 32.
let tinyUNet = GeneratorDescription(kind: .unet, blocks: 5, filters: 2, padding: .zero)
