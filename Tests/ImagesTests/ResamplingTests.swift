import Images
import Testing

@Suite("Resampling")
struct ResamplingTests {
  static let goldens = Goldens.names { $0.split(separator: "-").count == 3 }

  @Test("scaled pictures agree with Pillow's", arguments: goldens)
  func agrees(name: String) throws {
    let parts = name.dropLast(4).split(separator: "-")
    let sides = parts[1].split(separator: "x").compactMap { Int($0) }
    let resampling = try #require(Resampling(rawValue: String(parts[2])))
    let source = try Goldens.image(parts[0] + ".png")
    let scaled = source.resized(width: sides[0], height: sides[1], by: resampling)
    // The same weights and rounding; one level for another order of floating-point operations.
    let difference = try #require(scaled.greatestDifference(from: Goldens.image(name)))
    #expect(difference <= 1, "\(name) differs by \(difference). \(Goldens.remedy)")
  }

  @Test("there are goldens for every method", arguments: Resampling.allCases)
  func goldenKinds(resampling: Resampling) {
    #expect(Self.goldens.filter { $0.contains(resampling.rawValue) }.count >= 6)
  }

  @Test(
    "a part of a scaled picture is the same part of the whole scaled picture",
    arguments: Resampling.allCases, [(37, 29), (41, 29), (37, 31), (9, 60), (41, 31)])
  func parts(resampling: Resampling, sides: (Int, Int)) throws {
    let source = try Goldens.image("colour.png")
    let whole = source.resized(width: sides.0, height: sides.1, by: resampling)
    for (x, y) in [(0, 0), (3, 11), (sides.0 - 5, sides.1 - 7)] {
      let part = PixelRectangle(x: x, y: y, width: 5, height: 7)
      let scaled = source.resized(
        width: sides.0, height: sides.1, by: resampling, croppedTo: part)
      #expect(scaled == whole.cropped(to: part), "at (\(x), \(y))")
    }
  }

  @Test("a flat picture stays flat", arguments: Resampling.allCases, 1...4)
  func flat(resampling: Resampling, channels: Int) {
    for level in [0, 1, 128, 255] as [UInt8] {
      var flat = Image(width: 19, height: 13, channels: channels, repeating: level)
      if flat.hasAlpha {
        for y in 0..<13 { for x in 0..<19 { flat[x, y, channels - 1] = 255 } }
      }
      for (width, height) in [(50, 40), (4, 3), (1, 1)] {
        let scaled = flat.resized(width: width, height: height, by: resampling)
        #expect(
          scaled.samples
            == flat.cropped(to: .init(x: 0, y: 0, width: 1, height: 1))
            .resized(width: width, height: height, by: .nearest).samples)
      }
    }
  }

  @Test("what is transparent does not shine through")
  func transparency() {
    // Opaque black beside transparent white.
    let image = Image(width: 2, height: 1, channels: 2, samples: [0, 255, 255, 0])
    let scaled = image.resized(width: 8, height: 1, by: .bilinear)
    for x in 0..<8 where scaled[x, 0, 1] > 0 { #expect(scaled[x, 0, 0] == 0) }
    #expect(scaled[0, 0, 1] == 255 && scaled[7, 0, 1] == 0)
  }

  @Test("the same size is the same picture", arguments: Resampling.allCases)
  func unchanged(resampling: Resampling) {
    let image = Image.noise(width: 7, height: 5, channels: 4)
    #expect(image.resized(width: 7, height: 5, by: resampling) == image)
  }
}
