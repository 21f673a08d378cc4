import Tensors

/// What instance norm needs of a device when pictures go by in strips of rows: sums of all strips
/// first; then `normalize(_:using:scale:shift:activation:)` for each.
public protocol StripOperations: Sendable {
  /// Sums of x − origin and of its square over the pixels of each channel.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - origin: A value near each channel's mean, so that squares do not cancel.
  func channelSums(_ x: Tensor, about origin: [Float]) -> (plain: [Double], squares: [Double])
}
