import Images

/// How close a picture comes to the true one, where the true one is known.
public struct PairedScore: Sendable, Equatable {
  /// Peak signal-to-noise ratio in decibels, over all channels; infinite for equal pictures.
  public let psnr: Double
  /// Structural similarity, at most 1, where equal pictures are.
  ///
  /// Mean over pixels and channels; Gaussian window of 11×11 with standard deviation 1.5, K₁ 0.01,
  /// K₂ 0.03, population covariances; only windows inside the picture count.
  /// - SeeAlso: Wang et al., IEEE Transactions on Image Processing 13(4), 2004.
  public let ssim: Double

  /// Compares two pictures of equal size in colour; grey counts as colour, alpha is dropped.
  ///
  /// - Throws: `ScoreError` if the sizes differ or a side is shorter than the window.
  public init(of picture: Image, against truth: Image) throws(ScoreError) {
    guard picture.width == truth.width, picture.height == truth.height else {
      throw .differentSizes(
        picture: "\(picture.width)×\(picture.height)", truth: "\(truth.width)×\(truth.height)")
    }
    guard min(truth.width, truth.height) >= GaussianWindow.size else {
      throw .tooSmall("\(truth.width)×\(truth.height)")
    }
    let picture = picture.converted(toChannels: 3), truth = truth.converted(toChannels: 3)
    psnr = Self.psnr(picture, truth)
    ssim = (0..<3).reduce(0) { $0 + Self.ssim(picture, truth, channel: $1) } / 3
  }

  private init(psnr: Double, ssim: Double) {
    self.psnr = psnr
    self.ssim = ssim
  }

  /// The mean of each number over several pictures; nil for none.
  public static func mean(of scores: [PairedScore]) -> PairedScore? {
    guard !scores.isEmpty else { return nil }
    let count = Double(scores.count)
    return PairedScore(
      psnr: scores.reduce(0) { $0 + $1.psnr } / count,
      ssim: scores.reduce(0) { $0 + $1.ssim } / count)
  }
}

/// Two pictures that cannot be compared, and what to do about it.
public enum ScoreError: Error, Equatable, CustomStringConvertible {
  /// The pictures differ in size.
  case differentSizes(picture: String, truth: String)
  /// A side is shorter than the window of 11 pixels.
  case tooSmall(String)

  /// What was found and the remedy, in a line.
  public var description: String {
    switch self {
    case .differentSizes(let picture, let truth):
      "A picture of \(picture) cannot be compared with one of \(truth). Scale one to the other."
    case .tooSmall(let size):
      "Pictures of \(size) are too small to compare. Use 11×11 pixels or more."
    }
  }
}
