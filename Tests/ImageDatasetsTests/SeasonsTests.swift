import ImageDatasets
import Images
import Testing

@Suite("Seasons")
struct SeasonsTests {
  private func picture(_ index: Int, _ season: Season, size: Int = 32, seed: UInt64 = 5) -> Image {
    Seasons.scene(seed: seed, index: index).picture(season: season, width: size, height: size)
  }

  @Test("A scene is the same picture every time")
  func isDeterministic() {
    for season in Season.allCases { #expect(picture(3, season) == picture(3, season)) }
  }

  @Test("Pictures are those on which the bundled model was trained; on new looks, train it anew")
  func looksAreFrozen() {
    // FNV-1a over three scenes in both seasons.
    let samples = (0..<3).flatMap { picture($0, .summer).samples + picture($0, .winter).samples }
    let hash = samples.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    #expect(hash == 10_270_091_523_184_500_703)
  }

  @Test("Scenes differ by index and by seed")
  func scenesDiffer() {
    #expect(picture(0, .summer) != picture(1, .summer))
    #expect(picture(0, .summer, seed: 5) != picture(0, .summer, seed: 6))
  }

  @Test("Pictures have the size asked for, also when it is not square")
  func sizes() {
    let scene = Seasons.scene(seed: 1, index: 0)
    for (width, height) in [(24, 24), (48, 20), (17, 40), (1, 1)] {
      let picture = scene.picture(season: .winter, width: width, height: height)
      #expect(picture.width == width && picture.height == height && picture.channels == 3)
    }
  }

  @Test("A small picture shows the same scene as a large one")
  func sizesAgree() {
    let large = picture(2, .summer, size: 64), small = picture(2, .summer, size: 32)
    var difference = 0
    for y in 0..<32 {
      for x in 0..<32 {
        let mean = (0..<4).map { Int(large[2 * x + $0 % 2, 2 * y + $0 / 2, 1]) }.reduce(0, +) / 4
        difference += abs(mean - Int(small[x, y, 1]))
      }
    }
    #expect(difference / (32 * 32) < 8, "mean difference in grey levels")
  }

  @Test("Winter whitens the ground more than the sky")
  func winterIsSemantic() {
    var ground: Float = 0, sky: Float = 0
    for index in 0..<6 {
      let summer = picture(index, .summer), winter = picture(index, .winter)
      func change(_ rows: Range<Int>) -> Float {
        rows.reduce(0) { sum, y in
          (0..<32).reduce(sum) { $0 + Float(winter[$1, y, 0]) - Float(summer[$1, y, 0]) }
        } / Float(rows.count * 32)
      }
      ground += change(26..<32) / 6
      sky += change(0..<6) / 6
    }
    #expect(ground > 60)
    #expect(ground > sky + 40)
  }
}
