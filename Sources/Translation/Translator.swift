import Checkpoints
import ConvolutionCore
import GANs
import Images
import Layers
import Tensors

/// Translates pictures of any size by one generator of a model.
///
/// One picture is translated at a time; the backend's threads share its work.
public final class Translator {
  /// What is known about the model.
  public let model: ModelDescription
  /// The direction of translation.
  public let direction: Direction
  /// The device that computes.
  public let backend: any Backend

  private let generator: any Module
  private let architecture: GeneratorDescription

  /// Builds a generator and gives it its weights.
  ///
  /// - Parameters:
  ///   - model: A model, read whole or in the wanted direction only.
  ///   - direction: From A to B or back.
  ///   - file: What errors call the model.
  ///   - backend: The device that computes.
  /// - Throws: `CheckpointError` if the model lacks the direction, `TranslationError` if weights
  ///   are missing, superfluous or of other shapes than the model's description says.
  public init(
    _ model: ModelFile, _ direction: Direction, file: String, on backend: any Backend
  ) throws {
    let weights = try model.parameters(direction, file: file)
    architecture = model.description.generator(direction)
    try architecture.requireUsable(weights, file: file)
    generator = architecture.network()
    do {
      try generator.load(weights)
    } catch {
      throw TranslationError.unfitWeights(file: file, problem: "\(error)")
    }
    self.model = model.description
    self.direction = direction
    self.backend = backend
  }

  /// Translates a picture.
  ///
  /// The picture is mirrored at its right and bottom edge up to a size that the generator takes,
  /// and the result cut to the size again: no pixel moves. Grey goes through a colour generator as
  /// colour; alpha is kept as it is.
  ///
  /// - Returns: A picture of the same size, in the generator's colours.
  public func callAsFunction(_ picture: Image) -> Image {
    let taken = picture.converted(toChannels: architecture.inputChannels)
    let padded = taken.padded(
      right: architecture.paddedExtent(picture.width) - picture.width,
      bottom: architecture.paddedExtent(picture.height) - picture.height, with: .reflect)
    let translated = Image(generator(Tensor(padded), on: backend))
      .cropped(to: PixelRectangle(x: 0, y: 0, width: picture.width, height: picture.height))
    return picture.hasAlpha ? translated.withAlpha(of: picture) : translated
  }
}

extension GeneratorDescription {
  /// The least extent, not below `extent`, that the network takes.
  func paddedExtent(_ extent: Int) -> Int {
    // The residual blocks see a quarter of the extent and mirror it, for which one pixel is too few.
    let least = kind == .resnet ? 2 * sizeMultiple : sizeMultiple
    return max(least, (extent + sizeMultiple - 1) / sizeMultiple * sizeMultiple)
  }

  /// Refuses a description that no network can be built of, or none that these weights could fit,
  /// before memory is asked for.
  func requireUsable(_ weights: [String: Tensor], file: String) throws(TranslationError) {
    for channels in [inputChannels, outputChannels] where channels != 1 && channels != 3 {
      throw .unusableNetwork(
        file: file, problem: "its pictures have \(channels) channels, not 1 or 3")
    }
    let depths = kind == .resnet ? 0...weights.count : 5...12
    guard depths.contains(blocks) else {
      throw .unusableNetwork(file: file, problem: "\(blocks) blocks are impossible here")
    }
    let first = kind == .resnet ? "model.1.weight" : "model.model.0.weight"
    guard let shape = weights[first]?.shape else {
      throw .unfitWeights(file: file, problem: "The weights lack '\(first)'.")
    }
    guard shape.rank == 4, shape[3] == filters else {
      throw .unfitWeights(
        file: file,
        problem: "'\(first)' has the shape \(shape), which is not of \(filters) filters.")
    }
  }
}

extension Image {
  /// The picture, of one or three channels, with the alpha channel of another one of its size.
  fileprivate func withAlpha(of other: Image) -> Image {
    var result = converted(toChannels: channels + 1)
    for pixel in 0..<width * height {
      result.samples[pixel * result.channels + channels] =
        other.samples[pixel * other.channels + other.channels - 1]
    }
    return result
  }
}
