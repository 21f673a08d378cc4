import ConvolutionCore
import Tensors

extension Variable {
  /// Sets elements to zero with a probability and scales the others up, so that the mean stays.
  ///
  /// - Parameters:
  ///   - probability: Of an element being dropped, in 0 ..< 1.
  ///   - random: Decides, one number per element in row-major order.
  public func dropped(probability: Float, using random: inout SeededRandom) -> Variable {
    precondition((0..<1).contains(probability), "dropout with probability \(probability)")
    let kept = 1 / (1 - probability)
    let mask = Tensor(shape) { random.chance(probability) ? 0 : kept }
    return self * tape.constant(mask)
  }
}
