import ConvolutionCore

/// The running mean of a network's values over the steps of a training, held by a twin.
///
/// Adversarial training circles around what it seeks; the mean lies nearer to it than any one step
/// does.
/// - SeeAlso: Yazıcı et al., arXiv:1806.04498.
public final class WeightAverage {
  /// The network of the same architecture that holds the mean.
  public let network: any Module
  private let source: any Module
  private let keep: Double

  /// Prepares the mean of `source`; `network` holds whatever it holds.
  ///
  /// - Parameters:
  ///   - source: The network in training.
  ///   - network: Its twin.
  ///   - steps: The steps that the mean reaches back: each step's share is 1 / `steps`.
  public init(of source: any Module, in network: any Module, over steps: Int) {
    precondition(steps >= 1, "a mean over \(steps) steps")
    self.source = source
    self.network = network
    keep = 1 - 1 / Double(steps)
  }

  /// Begins with the values as they stand.
  public func begin() {
    for (mean, value) in pairs { mean.value = value.value }
  }

  /// Takes in the values after a step, counted from 1; early steps are forgotten sooner.
  public func update(step: Int, on backend: any Backend) {
    let kept = min(keep, Double(1 + step) / Double(10 + step))
    for (mean, value) in pairs {
      backend.blend(&mean.value, toward: value.value, share: Float(1 - kept))
    }
  }

  private var pairs: Zip2Sequence<[Parameter], [Parameter]> {
    zip(network.parameters.map(\.parameter), source.parameters.map(\.parameter))
  }
}
