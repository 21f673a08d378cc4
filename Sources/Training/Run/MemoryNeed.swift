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
    // What a measurement has left counts, too.
    let free = SystemMemory.freeBytes + MemoryPool.freeBytes
    if backend is CPUBackend, bytes > Double(free) {
      throw .tooLarge(needed: bytes, free: Double(free))
    }
  }
}

extension TrainingOptions {
  /// Bytes that two generators and two discriminators take at least, and what one direction keeps
  /// of a step's pictures for its gradients.
  func leastBytes(picturesPerStep: Int) -> Double {
    let filters = Double(generator.filters), judged = Double(discriminatorFilters)
    // A PatchGAN's 4 × 4 filters from f to 2f, 4f and 8f channels.
    let judging = judged * judged * 16 * 42
    let pixels = Double(picturesPerStep) * Double(size) * Double(size)
    return 2 * (generator.leastParameters + judging) * MemoryNeed.bytesPerParameter
      + pixels * filters * leastMaps * MemoryNeed.bytesPerElement
  }

  /// Maps that are kept, counted as such of a generator's first layer.
  ///
  /// Measured for ResNets: 11.5, and 1.6 for each block, within 3 % at 256² and 64 filters for 0, 6 and 9
  /// blocks, 1, 2 and 4 pictures, and for 128 filters; of that a tenth less.
  private var leastMaps: Double {
    guard generator.kind == .resnet, generator.norm == .instance else { return 4 }
    return 10.4 + 1.4 * Double(generator.blocks)
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
