import Autograd
import ConvolutionCore
import Tensors

/// A layer's weight as it enters the computation: as it is, or divided by its largest singular
/// value.
///
/// A layer with such a weight stretches nothing by more than it: the slope of a whole critic stays
/// bounded. The singular value is followed by one step of power iteration per pass in training.
/// - SeeAlso: Miyato et al., arXiv:1802.05957.
struct Filter {
  private let weight: Parameter
  /// `[O]`, of length 1: what the largest stretch leads to; nil without the division.
  private let direction: Parameter?

  /// - Parameters:
  ///   - weight: `[I, KH, KW, O]` or `[I, O]`: a matrix of O columns.
  ///   - isSpectral: Whether it is divided.
  init(_ weight: Parameter, isSpectral: Bool = false) {
    self.weight = weight
    let outputs = weight.shape[weight.shape.rank - 1]
    direction = isSpectral ? Parameter([outputs], role: .singularVector) : nil
  }

  /// With PyTorch's paths: `weight`, or `weight_orig` and `weight_u`; and `bias`.
  func parameters(with bias: Parameter?) -> [NamedParameter] {
    let weights =
      direction.map { [NamedParameter("weight_orig", weight), NamedParameter("weight_u", $0)] }
      ?? [NamedParameter("weight", weight)]
    return weights + (bias.map { [NamedParameter("bias", $0)] } ?? [])
  }

  /// The weight on a tape; in training, the direction is followed one step further.
  func on(_ tape: Tape) -> Variable {
    let plain = weight.on(tape)
    guard let direction else { return plain }
    let outputs = direction.shape[0], inputs = plain.shape.count / outputs
    // A matrix is a convolution over one pixel, and its transpose the adjoint.
    let spec = ConvolutionSpec(), pixel: Shape = [1, 1, 1, outputs]
    let matrix = plain.reshaped([inputs, 1, 1, outputs])
    let source = tape.backend.convolutionInputGradient(
      direction.value.reshaped(pixel), filter: matrix.value, bias: nil, spec,
      inputShape: [1, 1, 1, inputs]
    ).normalized
    let stretched = convolution(tape.constant(source), filter: matrix, spec)
    if tape.isTraining {
      direction.value = stretched.value.normalized.reshaped(direction.shape)
    }
    let singularValue = (stretched * tape.constant(direction.value.reshaped(pixel))).sum()
    return plain * singularValue.map(.reciprocal)
  }
}

extension Tensor {
  /// The vector of length 1 in the same direction.
  fileprivate var normalized: Tensor {
    let length = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let factor = 1 / max(length, 1e-12)
    var elements = values.makeIterator()
    return Tensor(shape) { Float(Double(elements.next()!) * factor) }
  }
}
