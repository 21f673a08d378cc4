import Autograd
import Tensors

/// Keeps the slope of a critic near 1 on the way from fake to real pictures.
///
/// factor · (‖∂critic(x)/∂x‖ − 1)² in the mean over pictures, at x = α · real + (1 − α) · fake. The
/// norm runs over all of a picture's channels and pixels.
///
/// - Parameters:
///   - critic: The discriminator; its parameters' gradients pass through the slope.
///   - real: Pictures `[N, H, W, C]`.
///   - fake: As many generated ones.
///   - alphas: One number in 0…1 per picture.
///   - factor: Weight of the penalty.
///   - tape: A recording tape.
/// - Returns: A scalar.
/// - SeeAlso: Gulrajani et al., arXiv:1704.00028.
public func gradientPenalty(
  _ critic: (Variable) -> Variable, real: Tensor, fake: Tensor, alphas: [Float], factor: Float = 10,
  on tape: Tape
) -> Variable {
  let perPicture: Shape = [real.shape.batch, 1, 1, 1]
  let fake = tape.constant(fake)
  let between = fake + (tape.constant(real) - fake) * tape.constant(Tensor(perPicture, alphas))
  let x = tape.variable(between.value)
  let judgement = critic(x).sum()
  guard let slope = tape.gradients(of: judgement, withRespectTo: [x], recording: true)[0] else {
    preconditionFailure("a critic that does not look at its pictures")
  }
  // The reference adds this; it also keeps the root's derivative finite where the slope is 0.
  let steepness = (slope + 1e-16).squared().sum(to: perPicture).squareRoot()
  return factor * (steepness - 1).squared().mean()
}
