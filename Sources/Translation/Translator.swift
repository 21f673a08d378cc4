import Autograd
import Checkpoints
import ConvolutionCore
import GANs
import Images
import Layers
import Tensors

/// Translates pictures of any size by one generator of a model.
///
/// One picture is translated at a time; the backend's threads share its work. Not safe to use from
/// several threads at once: each has a translator of its own, on one backend if they like.
public final class Translator {
  /// What is known about the model.
  public let model: ModelDescription
  /// The direction of translation.
  public let direction: Direction
  /// The device that computes.
  public let backend: any Backend

  /// Pictures that need more memory than this are translated in strips; nil for no limit.
  public var memory: MemoryLimit?

  /// Where pictures are the frames of a film: what was measured of earlier ones; nil for pictures
  /// that have nothing to do with one another.
  ///
  /// Pictures are then given one by one, and whoever gives them calls `NormMemory.beginFrame`.
  public var normMemory: NormMemory?

  private let generator: any StripNetwork
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
    generator = architecture.stripNetwork()
    do {
      try generator.load(weights)
    } catch {
      throw TranslationError.unfitWeights(file: file, problem: "\(error)")
    }
    self.model = model.description
    self.direction = direction
    self.backend = backend
  }

  /// Reads a model and builds one of its generators.
  ///
  /// - Parameters:
  ///   - path: A model file or a run folder.
  ///   - domain: What pictures become: a domain's name, in any case, or its letter; nil for the
  ///     second domain.
  ///   - backend: The device that computes.
  /// - Throws: `ModelLocationError` if there is no model; `CheckpointError` or `FileError` if it
  ///   cannot be read; `TranslationError` if it has no such domain or its weights do not fit.
  public convenience init(
    contentsOf path: String, to domain: String? = nil, on backend: any Backend
  ) throws {
    let file = try ModelLocator.modelFile(at: path)
    let domains = try ModelFile.read(file, directions: []).description.domains
    let direction = try domain.map { try domains.direction(to: $0) } ?? .aToB
    try self.init(
      ModelFile.read(file, directions: [direction]), direction, file: file, on: backend)
  }

  /// Translates a picture.
  ///
  /// - Returns: A picture of the same size.
  /// - Throws: As for several pictures.
  public func callAsFunction(_ picture: Image) throws -> Image {
    try self([.bytes(picture)])[0].image
  }

  /// Translates pictures, as deep as they are.
  ///
  /// A picture is mirrored at its right and bottom edge up to a size that the generator takes, and
  /// the result cut to the size again: no pixel moves. Alpha is kept as it is; grey stays grey where
  /// the generator is one between colours.
  ///
  /// - Parameter pictures: Of one size go through the generator together, as far as memory allows.
  /// - Returns: Pictures of the same sizes, in the same order.
  /// - Throws: `TranslationError` if a picture is too large for the memory and its maps cannot be
  ///   stored.
  public func callAsFunction(_ pictures: [Pixels]) throws -> [Pixels] {
    var results: [Pixels?] = Array(repeating: nil, count: pictures.count)
    let groups = Dictionary(grouping: pictures.indices) { paddedExtents(of: pictures[$0]) }
    for (extents, indices) in groups {
      let most = mostTogether(extents)
      if most == 0, let backend = backend as? any Backend & StripOperations {
        for index in indices { results[index] = try inStrips(pictures[index], on: backend) }
        continue
      }
      for start in stride(from: 0, to: indices.count, by: max(most, 1)) {
        let part = indices[start..<min(start + max(most, 1), indices.count)]
        let translations = translated(together: part.map { pictures[$0] })
        for (index, translation) in zip(part, translations) { results[index] = translation }
      }
    }
    return results.map { $0! }
  }

  /// Translates pictures that are of one size when they are padded.
  private func translated(together pictures: [Pixels]) -> [Pixels] {
    let extents = paddedExtents(of: pictures[0])
    let activations = pictures.map {
      $0.activations(
        rows: 0..<extents.height, columns: extents.width, channels: architecture.inputChannels)
    }
    let translations = generator(
      Tensor(joining: activations), on: backend, remembering: normMemory)
    return pictures.indices.map { index in
      let isGrey = architecture.makesGrey(of: pictures[index])
      var canvas = PixelCanvas(like: pictures[index], isGrey: isGrey)
      canvas.append(translations, index: index)
      return canvas.finished()
    }
  }

  private struct Extents: Hashable {
    let width: Int, height: Int
  }

  private func paddedExtents(of picture: Pixels) -> Extents {
    Extents(
      width: architecture.paddedExtent(picture.width),
      height: architecture.paddedExtent(picture.height))
  }
}

// MARK: - Large pictures

extension Translator {
  /// How many pictures of one size may go through the generator together; 0 if not even one fits.
  private func mostTogether(_ extents: Extents) -> Int {
    guard let memory else { return .max }
    let bytes = extents.width * extents.height * architecture.bytesPerPixel
    return max(0, (memory.roomBytes - weightBytes) / bytes)
  }

  /// Bytes of the weights, and of what they are rearranged to: Winograd makes 36 of 9.
  private var weightBytes: Int { 5 * MemoryLayout<Float>.stride * generator.parameterCount }

  private func inStrips(_ picture: Pixels, on backend: any Backend & StripOperations) throws
    -> Pixels
  {
    guard let memory else { preconditionFailure("strips without a limit") }
    let extents = paddedExtents(of: picture)
    let isGrey = architecture.makesGrey(of: picture)
    var canvas = PixelCanvas(like: picture, isGrey: isGrey)
    // The picture and its translation are in memory too. Where the limit is less than all that,
    // the least that makes sense has to do.
    let room = max(memory.roomBytes - weightBytes - 3 * picture.byteCount, 64 << 20)
    let evaluation = StripEvaluation(
      on: backend, memory: room, scratchFolder: memory.scratchFolder, remembering: normMemory)
    let rows = PictureRows(
      picture, height: extents.height, width: extents.width, channels: architecture.inputChannels)
    try evaluation.goOver(generator.evaluated(rows, by: evaluation)) { canvas.append($0) }
    return canvas.finished()
  }
}

extension GeneratorDescription {
  /// Whether the translation of a picture has no colours.
  func makesGrey(of picture: Pixels) -> Bool {
    outputChannels == 1 || inputChannels == 3 && picture.isGrey
  }

  /// Bytes of memory for each pixel of a whole picture: the maps of the highest resolution, what a
  /// layer makes of them, and a padded copy.
  var bytesPerPixel: Int { 4 * MemoryLayout<Float>.stride * max(filters, 8) }

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
    guard filters >= 1 else {
      throw .unusableNetwork(file: file, problem: "\(filters) filters are impossible")
    }
    let depths = kind == .resnet ? 0...weights.count : 5...12
    guard depths.contains(blocks) else {
      throw .unusableNetwork(file: file, problem: "\(blocks) blocks are impossible here")
    }
    let (first, kernel) = kind == .resnet ? ("model.1.weight", 7) : ("model.model.0.weight", 4)
    guard let shape = weights[first]?.shape else {
      throw .unfitWeights(file: file, problem: "The weights lack '\(first)'.")
    }
    let expected = [inputChannels, kernel, kernel, filters]
    guard shape.dimensions == expected else {
      throw .unfitWeights(
        file: file,
        problem: "'\(first)' has the shape \(shape) where the network expects \(expected).")
    }
    if let broken = weights.filter({ !$0.value.isFinite }).keys.min() {
      throw .unfitWeights(
        file: file, problem: "'\(broken)' holds something infinite or not a number.")
    }
    guard weights.mayFill(atLeast: leastParameters) else {
      throw .unfitWeights(
        file: file,
        problem: "\(weights.numberCount) numbers are too few for \(filters) filters.")
    }
  }
}
