import Images
import Tensors

/// Scales down and up again, so that details are lost.
public struct Downscale: PixelOperation {
  /// What it does.
  public static let summary = "Scales down and up again, so that details are lost."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("scale", \.scale, in: 0.01...1, "The smaller picture's sides over the picture's."),
    .choice("down", \.down, "How levels are found on the way down."),
    .choice("up", \.up, "How levels are found on the way up."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The smaller picture's sides over the picture's.
    public var scale: Float
  }

  /// The smaller picture's sides over the picture's.
  public var scale: ClosedRange<Float> = 0.25...0.5
  /// How levels are found on the way down.
  public var down = Resampling.bilinear
  /// How levels are found on the way up.
  public var up = Resampling.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for a quarter to half of the length.
  public init() {}

  /// Creates the operation.
  public init(
    scale: ClosedRange<Float>, down: Resampling = .bilinear, up: Resampling = .bilinear,
    probability: Float = 0.5
  ) {
    self.scale = scale
    self.down = down
    self.up = up
    self.probability = probability
    requireValid()
  }

  /// Draws the scale.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(scale: random.uniform(in: scale))
  }

  /// Scales down and up.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    func smaller(_ side: Int) -> Int {
      min(max(1, Int((Float(side) * min(max(drawn.scale, 0), 1)).rounded())), side)
    }
    return image.resized(width: smaller(image.width), height: smaller(image.height), by: down)
      .resized(width: image.width, height: image.height, by: up)
  }
}
