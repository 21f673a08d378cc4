import Augmentation
import Images
import Tensors
import Testing

@Suite("Operations")
struct OperationTests {
  private var random = SeededRandom(seed: 8)

  @Test("Resize gives the size asked for, SmallestMaxSize keeps the shape")
  mutating func sizes() throws {
    let resized = try Resize(width: 7, height: 9).apply(to: ramp(20, 10), using: &random)
    #expect(resized == ramp(20, 10).resized(width: 7, height: 9, by: .bicubic))
    let wide = try SmallestMaxSize(size: 6).apply(to: ramp(20, 10), using: &random)
    #expect(wide.width == 12 && wide.height == 6)
    let tall = try SmallestMaxSize(size: 15).apply(to: ramp(10, 21), using: &random)
    #expect(tall.width == 15 && tall.height == 32, "31.5 rounds up")
  }

  @Test("RandomCrop cuts out a part of the picture, and reaches every place")
  mutating func crops() throws {
    let image = ramp(5, 4), crop = RandomCrop(width: 3, height: 3)
    var places: Set<Int> = []
    for _ in 0..<200 {
      let part = try crop.apply(to: image, using: &random)
      let place = try #require(
        (0..<6).first {
          image.cropped(to: PixelRectangle(x: $0 % 3, y: $0 / 3, width: 3, height: 3)) == part
        })
      places.insert(place)
    }
    #expect(places == [0, 1, 2, 3, 4, 5])
  }

  @Test("A crop that is larger than the picture is an error that says what to do")
  mutating func cropTooLarge() {
    let error = #expect(throws: AugmentationError.self) {
      try RandomCrop(width: 6, height: 2).apply(to: ramp(5, 4), using: &random)
    }
    #expect(
      error?.description
        == "RandomCrop wants 6×2 pixels of a picture of 5×4."
        + " Put a Resize before it, or crop less.")
  }

  @Test("HorizontalFlip swaps left and right")
  mutating func flips() throws {
    let image = Image(width: 2, height: 1, channels: 2, samples: [1, 2, 3, 4])
    #expect(try HorizontalFlip().apply(to: image, using: &random).samples == [3, 4, 1, 2])
  }
}

@Suite("ColorJitter")
struct ColorJitterTests {
  private static let picture = Image(
    width: 3, height: 2, channels: 3,
    samples: [0, 40, 80, 4, 44, 84, 8, 48, 88, 1, 42, 83, 5, 46, 87, 9, 50, 91])

  /// Recorded with Pillow 13.0.0 (`ImageEnhance`), the hue with Python's `colorsys`.
  private static let goldens: [(ColorJitter.Change, [UInt8])] = [
    (
      .init(.brightness, 1.3),
      [0, 52, 104, 5, 57, 109, 10, 62, 114, 1, 54, 107, 6, 59, 113, 11, 65, 118]
    ),
    (
      .init(.contrast, 0.6),
      [15, 39, 63, 17, 41, 65, 20, 44, 68, 15, 40, 65, 18, 42, 67, 20, 45, 69]
    ),
    (
      .init(.saturation, 1.7),
      [0, 44, 112, 0, 48, 116, 0, 52, 120, 0, 47, 117, 0, 51, 121, 0, 55, 125]
    ),
    (
      .init(.hue, 0.15),
      [32, 0, 80, 36, 4, 84, 40, 8, 88, 34, 1, 83, 38, 5, 87, 42, 9, 91]
    ),
  ]

  @Test("Each change agrees with Pillow's to one level, which truncates", arguments: 0..<4)
  func agreesWithPillow(number: Int) {
    let (adjustment, expected) = Self.goldens[number]
    let result = ColorJitter().changed(Self.picture, by: [adjustment])
    let worst = zip(result.samples, expected).map { abs(Int($0) - Int($1)) }.max()
    #expect(worst! <= 1, "\(adjustment): \(result.samples)")
  }

  @Test("A full turn of the hue and factors of one change nothing")
  func identity() {
    let changes: [ColorJitter.Change] = [
      .init(.brightness, 1), .init(.contrast, 1), .init(.saturation, 1), .init(.hue, 1),
    ]
    #expect(ColorJitter().changed(Self.picture, by: changes) == Self.picture)
  }

  @Test("Drawn factors stay in their ranges and come in every order")
  func ranges() {
    var random = SeededRandom(seed: 4)
    let jitter = ColorJitter(brightness: 0.5, contrast: 2, saturation: 0.1, hue: 0.25)
    let size = PixelSize(width: 1, height: 1)
    var firsts: Set<Int> = []
    for _ in 0..<200 {
      for (place, change) in jitter.draw(for: size, using: &random).enumerated() {
        switch change.quality {
        case .brightness:
          #expect((0.5...1.5).contains(change.amount))
          firsts.insert(place)
        case .contrast: #expect((0...3).contains(change.amount))
        case .saturation: #expect((0.9...1.1).contains(change.amount))
        case .hue: #expect((-0.25...0.25).contains(change.amount))
        }
      }
    }
    #expect(firsts == [0, 1, 2, 3])
  }

  @Test("Grey stays grey, and alpha stays as it was", arguments: [1, 2, 4])
  func otherChannels(channels: Int) {
    let image = ramp(4, 3, channels: channels)
    let result = ColorJitter().changed(
      image, by: [.init(.saturation, 0), .init(.hue, 0.3), .init(.brightness, 0.5)])
    #expect(result.channels == channels)
    for pixel in stride(from: 0, to: image.samples.count, by: channels) {
      if channels == 1 || channels == 2 {
        #expect(abs(Int(result.samples[pixel]) * 2 - Int(image.samples[pixel])) <= 1)
      }
      if image.hasAlpha {
        let alpha = pixel + channels - 1
        #expect(result.samples[alpha] == image.samples[alpha])
      }
    }
  }
}
