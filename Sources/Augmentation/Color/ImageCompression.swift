import Images
import Tensors

/// Leaves the traces of JPEG.
public struct ImageCompression: PixelOperation {
  /// What it does.
  public static let summary = "Leaves the traces of JPEG."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integerRange("quality", \.quality, in: 1...100, "JPEG's quality.")
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// JPEG's quality.
    public var quality: Int
  }

  /// JPEG's quality, 1…100.
  public var quality = 50...95
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate traces.
  public init() {}

  /// Creates the operation.
  public init(quality: ClosedRange<Int>, probability: Float = 0.5) {
    self.quality = quality
    self.probability = probability
    requireValid()
  }

  /// Draws the quality.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(quality: random.integer(in: quality))
  }

  /// Compresses and decompresses the colours; alpha stays.
  ///
  /// - Throws: If a side is longer than JPEG knows.
  public func changed(_ image: Image, by drawn: Drawn) throws(AugmentationError) -> Image {
    let quality = min(max(drawn.quality, 1), 100)
    do {
      let opaque = image.converted(toChannels: image.colors)
      let result = try JPEG.decode(
        JPEG.encode(opaque, quality: quality, optimizesCodes: false))
      return result.withAlpha(of: image)
    } catch {
      throw .failed(operation: Self.name, reason: "\(error)")
    }
  }
}

extension Image {
  /// The picture with the alpha channel of another one of its size, if that has one.
  func withAlpha(of other: Image) -> Image {
    guard other.hasAlpha else { return self }
    let channels = colors + 1
    var levels = converted(toChannels: channels).samples
    for pixel in 1...width * height {
      levels[pixel * channels - 1] = other.samples[pixel * other.channels - 1]
    }
    return Image(width: width, height: height, channels: channels, samples: levels)
  }
}
