import Autograd
import ConvolutionCore
import Layers
import Tensors

/// What keeps a critic from being steep, so that its mean judgements measure a distance.
public enum CriticConstraint: Codable, Hashable, Sendable {
  /// Nothing.
  case none
  /// After each step, weights are moved into −limit…limit; Arjovsky et al., arXiv:1701.07875.
  case clipping(Float)
  /// The slope between fake and real is penalised with this factor; Gulrajani et al.,
  /// arXiv:1704.00028.
  case gradientPenalty(Float)

  /// Moves weights back to where they may be, after a step.
  func hold(_ parameters: [NamedParameter], on backend: any Backend) {
    guard case .clipping(let limit) = self else { return }
    for named in parameters where named.parameter.role.isTrained {
      backend.clip(&named.parameter.value, to: limit)
    }
  }
}
