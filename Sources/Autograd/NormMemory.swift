import ConvolutionCore
import Tensors

/// What a network's instance norms measured of the frames of a film so far.
///
/// A frame that is normalized by its own statistics alone changes as a whole when something small
/// enters it: the film flickers. With a memory, a frame is normalized by a running mean of what was
/// measured of it and of the frames before. Frames of a still scene come out as they would without.
///
/// Norms are told apart by their order in a frame, so one memory serves one chain of networks, and
/// frames go through it one after the other.
public final class NormMemory {
  /// Share of the earlier frames in the running mean, 0…1: 0 for none, 1 for the first frame only.
  public let share: Double

  private var norms: [[ChannelMoments]] = []
  private var next = 0

  /// Moments of one channel, as a norm sees them.
  private struct ChannelMoments {
    var mean: Double
    /// The variance, ε included.
    var variance: Double
  }

  /// Creates a memory of nothing; traps unless the share is in 0…1.
  public init(share: Double) {
    precondition((0...1).contains(share), "a share of \(share)")
    self.share = share
  }

  /// Begins a frame: what is measured next is of its first norm.
  public func beginFrame() { next = 0 }

  /// Forgets all frames, since the next one shows something else.
  public func forget() { norms = [] }

  /// What the norm whose turn it is normalizes by.
  ///
  /// The result is the mean and the variance of the pixels of all frames together, weighted by age.
  ///
  /// - Parameter measured: What was measured of the frame, `[1, 1, 1, C]`.
  package func blended(_ measured: NormStatistics) -> NormStatistics {
    precondition(measured.mean.shape.batch == 1, "\(measured.mean.shape.batch) frames at once")
    let (means, inverses) = (measured.mean.values, measured.inverseDeviation.values)
    let fresh = zip(means, inverses).map { mean, inverse in
      ChannelMoments(mean: Double(mean), variance: 1 / (Double(inverse) * Double(inverse)))
    }
    defer { next += 1 }
    guard next < norms.count else {
      norms.append(fresh)
      return measured
    }
    precondition(norms[next].count == fresh.count, "norm \(next) of \(fresh.count) channels")
    norms[next] = zip(norms[next], fresh).map { old, new in
      let apart = old.mean - new.mean
      return ChannelMoments(
        mean: new.mean + share * apart,
        variance: new.variance + share * (old.variance - new.variance)
          + share * (1 - share) * apart * apart)
    }
    let shape = measured.mean.shape
    return NormStatistics(
      mean: Tensor(shape, norms[next].map { Float($0.mean) }),
      inverseDeviation: Tensor(shape, norms[next].map { Float(1 / $0.variance.squareRoot()) }))
  }
}
