import Checkpoints
import ConvolutionCore
import Foundation
import Images
import Synchronization
import Tensors

/// Translators of one model and domain, as many as threads ask for at a time, on a thread each.
final class SharedTranslators: Sendable {
  let model: String
  let domain: String
  private let weights = Mutex<Weights?>(nil)
  private let places: [Place]

  /// The weights of a generator, which all translators share.
  private struct Weights: Sendable {
    let file: ModelFile
    let path: String
    let direction: Direction
  }

  /// Room for a translator, which works on one picture at a time.
  private final class Place: Sendable {
    let translator = Mutex<Translator?>(nil)
  }

  init(model: String, domain: String) {
    self.model = model
    self.domain = domain
    places = (0..<SystemCores.count).map { _ in Place() }
  }

  /// Reads the model, unless that has been done.
  ///
  /// - Throws: `ModelLocationError`, `CheckpointError` or `TranslationError`.
  func prepare() throws { _ = try read() }

  /// Translates a picture; waits if all translators are at work.
  ///
  /// - Throws: As `prepare`; `TranslationError` also for a picture that is too large.
  func translation(of image: Image) throws -> Image {
    let weights = try read()
    for place in places {
      if let result = try place.translator.withLockIfAvailable({
        try translate(image, by: &$0, weights)
      }) {
        return result
      }
    }
    return try places[0].translator.withLock { try translate(image, by: &$0, weights) }
  }

  private func translate(
    _ image: Image, by translator: inout Translator?, _ weights: Weights
  ) throws -> Image {
    let ready: Translator
    if let known = translator {
      ready = known
    } else {
      ready = try Translator(
        weights.file, weights.direction, file: weights.path, on: CPUBackend(threads: 1))
      ready.memory = MemoryLimit(sharedBy: places.count)
      translator = ready
    }
    return try ready(image)
  }

  private func read() throws -> Weights {
    try weights.withLock { known in
      if let known { return known }
      let path = try ModelLocator().choose(model).file
      let domains = try ModelFile.read(path, directions: []).description.domains
      let direction = try domains.direction(to: domain)
      let weights = Weights(
        file: try ModelFile.read(path, directions: [direction]), path: path, direction: direction)
      known = weights
      return weights
    }
  }
}
