import ConvolutionCore
import Tensors

/// Mean and variance of each channel over all pixels of a map, of which strips are seen one after
/// the other.
struct ChannelMoments {
  private let origin: [Float]
  private var plain: [Double], squares: [Double]
  private var pixels = 0

  /// Begins with no pixels.
  ///
  /// - Parameter first: A strip; its first pixel is what squares are taken about, since those about
  ///   zero would cancel where the mean is large.
  init(startingAt first: Tensor) {
    origin = (0..<first.shape.channels).map { first[$0] }
    plain = origin.map { _ in 0 }
    squares = plain
  }

  /// Takes a strip into account.
  mutating func add(_ strip: Tensor, on backend: any StripOperations) {
    let sums = backend.channelSums(strip, about: origin)
    for channel in origin.indices {
      plain[channel] += sums.plain[channel]
      squares[channel] += sums.squares[channel]
    }
    pixels += strip.shape.height * strip.shape.width
  }

  /// What was measured.
  func statistics(epsilon: Float) -> NormStatistics {
    NormStatistics(
      plain: plain, squares: squares, about: origin, pixels: pixels, batch: 1, epsilon: epsilon)
  }
}
