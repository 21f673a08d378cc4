import Checkpoints
import ConvolutionCore
import GANs
import Tensors

/// What a training takes at least, found out before memory is asked for.
///
/// Only a bound from below, so that nothing that would fit is refused; `--dry-run` measures.
enum MemoryNeed {
  /// Bytes of a parameter in training: itself, its gradient, two moments.
  static let bytesPerParameter = 16.0
  /// Bytes of an element of a map.
  static let bytesPerElement = 4.0

  /// Refuses a training that this machine cannot hold.
  ///
  /// - Parameters:
  ///   - bytes: What it takes at least.
  ///   - backend: What computes; where that is not the processor, there is nothing to compare with.
  /// - Throws: `TrainingError.tooLarge`.
  static func require(_ bytes: Double, on backend: any Backend) throws(TrainingError) {
    let free = SystemMemory.freeBytes
    if backend is CPUBackend, bytes > Double(free) {
      throw .tooLarge(needed: bytes, free: Double(free))
    }
  }
}

extension TrainingOptions {
  /// Bytes that two generators and two discriminators take at least, and what one generator keeps
  /// of a batch for its gradients.
  var leastBytes: Double {
    let filters = Double(generator.filters), judged = Double(discriminatorFilters)
    // A PatchGAN's 4 × 4 filters from f to 2f, 4f and 8f channels.
    let judging = judged * judged * 16 * 42
    let pixels = Double(batch) * Double(size) * Double(size)
    return 2 * (generator.leastParameters + judging) * MemoryNeed.bytesPerParameter
      + pixels * filters * 4 * MemoryNeed.bytesPerElement
  }
}

extension GANTrainingOptions {
  /// Bytes that both networks take at least, and the last map of a batch.
  var leastBytes: Double {
    let generator = model.generator, critic = model.discriminator
    let judging = SamplerDescription(
      kind: critic.kind, sample: critic.sample, width: critic.width, layers: critic.layers)
    let parameters = generator.leastParameters + judging.leastParameters
    let map = Double(batch) * Double(generator.sample.count)
    return parameters * MemoryNeed.bytesPerParameter + map * MemoryNeed.bytesPerElement
  }
}
