import ImageDatasets
import Images
import Testing

@Suite("Scores")
struct ScoreTests {
  /// A picture of steep slopes; the same formula as in the recording.
  private func picture(_ width: Int, _ height: Int, _ k: Int) -> Image {
    var image = Image(width: width, height: height, channels: 3)
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          image[x, y, c] = UInt8((x * (3 + k) + y * y * (c + 1) + k * x * y / 3 + 40 * c) % 256)
        }
      }
    }
    return image
  }

  /// The same with less contrast and a pattern over it.
  private func softened(_ image: Image, _ k: Int) -> Image {
    var result = image
    for y in 0..<image.height {
      for x in 0..<image.width {
        for c in 0..<3 {
          result[x, y, c] = UInt8((Int(image[x, y, c]) * 3 + k * 17) / 4 + (x + y + c) % 7)
        }
      }
    }
    return result
  }

  /// Recorded with scikit-image 0.26.0: `peak_signal_noise_ratio` and `structural_similarity`
  /// with `gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255`.
  private static let goldens: [(Int, Int, Int, psnr: Double, ssim: Double, other: Double)] = [
    (24, 20, 1, 18.706275561488376, 0.9371495352691509, 0.1414291276672108),
    (11, 11, 2, 21.07395674983067, 0.9517039278543695, 0.8026828974426414),
    (40, 13, 3, 20.359306264587932, 0.9505038230813798, 0.024617458938517713),
  ]

  @Test("PSNR and SSIM are those of scikit-image", arguments: 0..<3)
  func agreesWithScikitImage(number: Int) throws {
    let (width, height, k, psnr, ssim, other) = Self.goldens[number]
    let truth = picture(width, height, k)
    let score = try PairedScore(of: softened(truth, k), against: truth)
    // Both compute in 64 bits; only the order of sums differs.
    #expect(abs(score.psnr - psnr) < 1e-9)
    #expect(abs(score.ssim - ssim) < 1e-9)
    let foreign = try PairedScore(of: picture(width, height, k + 1), against: truth)
    #expect(abs(foreign.ssim - other) < 1e-9)
  }

  @Test("Equal pictures have SSIM 1 and infinite PSNR")
  func equalPictures() throws {
    let score = try PairedScore(of: picture(16, 12, 1), against: picture(16, 12, 1))
    #expect(score.psnr == .infinity && abs(score.ssim - 1) < 1e-12)
  }

  @Test("Pictures that cannot be compared are errors with a remedy")
  func errors() {
    #expect(throws: ScoreError.differentSizes(picture: "12×12", truth: "13×12")) {
      try PairedScore(of: picture(12, 12, 1), against: picture(13, 12, 1))
    }
    #expect(throws: ScoreError.tooSmall("30×10")) {
      try PairedScore(of: picture(30, 10, 1), against: picture(30, 10, 1))
    }
  }

  @Test("Colour matching gives a picture the mean and spread of the target")
  func colorMatching() {
    let target = ColorStatistics(of: softened(picture(30, 30, 2), 2))
    let matched = ColorStatistics(of: target.matching(softened(picture(20, 20, 1), 3)))
    for channel in 0..<3 {
      // Rounding to levels moves a mean by up to half of one; few pixels are clipped.
      #expect(abs(matched.mean[channel] - target.mean[channel]) < 2)
      let ratio = matched.standardDeviation[channel] / target.standardDeviation[channel]
      #expect(abs(ratio - 1) < 0.03)
    }
  }

  @Test("Statistics of two pictures are those of their pixels together")
  func statistics() {
    var both = ColorStatistics()
    both.add(Image(width: 1, height: 1, channels: 3, samples: [10, 0, 4]))
    both.add(Image(width: 1, height: 1, channels: 1, samples: [20]))
    #expect(both.mean == SIMD3(15, 10, 12))
    #expect(both.standardDeviation == SIMD3(5, 10, 8))
  }

  @Test("On Seasons, neither doing nothing nor matching colours comes near the true winter")
  func seasonsIsHard() throws {
    var target = ColorStatistics()
    let winters = (0..<8).map {
      Seasons.scene(seed: 3, index: 100 + $0).picture(season: .winter, width: 24, height: 24)
    }
    for winter in winters { target.add(winter) }
    var nothing: [PairedScore] = [], matching: [PairedScore] = []
    for index in 0..<8 {
      let scene = Seasons.scene(seed: 3, index: index)
      let summer = scene.picture(season: .summer, width: 24, height: 24)
      let winter = scene.picture(season: .winter, width: 24, height: 24)
      nothing.append(try PairedScore(of: summer, against: winter))
      matching.append(try PairedScore(of: target.matching(summer), against: winter))
    }
    let left = try #require(PairedScore.mean(of: nothing))
    let right = try #require(PairedScore.mean(of: matching))
    #expect(left.psnr < 12 && left.ssim < 0.65)
    #expect(right.psnr < 19 && right.ssim < 0.72)
  }
}
