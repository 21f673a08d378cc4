import Foundation
import Images
import Tensors

/// Cuts out a part of random size, shape and place, and scales it to one size.
///
/// As torchvision draws it: the area evenly, the shape evenly in its logarithm; what does not fit
/// into the picture ten times over becomes the largest middle part of an allowed shape.
public struct RandomResizedCrop: SpatialOperation {
  /// What it does.
  public static let summary =
    "Cuts out a part of random size, shape and place, and scales it to one size."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .width(\.width), .height(\.height),
    .range("scale", \.scale, in: 0.0001...1, "The part's area as a share of the picture's."),
    .range("ratio", \.ratio, in: 0.01...100, "The part's width over its height."),
    .resampling(\.resampling),
  ]

  /// What is drawn: the part as shares of the picture.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Its left edge, of the width.
    public var x: Double
    /// Its top edge, of the height.
    public var y: Double
    /// Its width, of the width.
    public var width: Double
    /// Its height, of the height.
    public var height: Double
  }

  /// Columns of the result, at least 1.
  public var width = 256
  /// Rows of the result, at least 1.
  public var height = 256
  /// The part's area as a share of the picture's.
  public var scale: ClosedRange<Float> = 0.08...1
  /// The part's width over its height.
  public var ratio: ClosedRange<Float> = 0.75...(4 / 3)
  /// How levels between pixels are found.
  public var resampling = Resampling.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256×256 pixels.
  public init() {}

  /// Creates the operation.
  public init(
    width: Int, height: Int, scale: ClosedRange<Float> = 0.08...1,
    ratio: ClosedRange<Float> = 0.75...(4 / 3), resampling: Resampling = .bilinear,
    probability: Float = 1
  ) {
    self.width = width
    self.height = height
    self.scale = scale
    self.ratio = ratio
    self.resampling = resampling
    self.probability = probability
    requireValid()
  }

  /// Draws the part.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    let area = Double(size.width * size.height)
    for _ in 0..<10 {
      let wanted = area * Double(random.uniform(in: scale))
      let shape = exp(
        Double(random.uniform(in: Float(log(ratio.lowerBound))...Float(log(ratio.upperBound)))))
      let width = Int((wanted * shape).squareRoot().rounded())
      let height = Int((wanted / shape).squareRoot().rounded())
      guard (1...size.width).contains(width), (1...size.height).contains(height) else { continue }
      let x = random.integer(below: size.width - width + 1)
      let y = random.integer(below: size.height - height + 1)
      return drawn(x: x, y: y, width: width, height: height, of: size)
    }
    let shape = Double(size.width) / Double(size.height)
    let lowest = Double(ratio.lowerBound), highest = Double(ratio.upperBound)
    let width = shape > highest ? Int(Double(size.height) * highest) : size.width
    let height = shape < lowest ? Int(Double(size.width) / lowest) : size.height
    return drawn(
      x: (size.width - max(width, 1)) / 2, y: (size.height - max(height, 1)) / 2,
      width: max(width, 1), height: max(height, 1), of: size)
  }

  private func drawn(x: Int, y: Int, width: Int, height: Int, of size: PixelSize) -> Drawn {
    Drawn(
      x: Double(x) / Double(size.width), y: Double(y) / Double(size.height),
      width: Double(width) / Double(size.width), height: Double(height) / Double(size.height))
  }

  /// Where everything goes.
  ///
  /// - Throws: `AugmentationError.tooLarge`.
  public func map(_ drawn: Drawn, for size: PixelSize) throws(AugmentationError) -> ScaleMap {
    let result = PixelSize(width: self.width, height: self.height)
    try result.requireUsable(by: Self.name)
    func pixels(_ share: Double, _ side: Int) -> Int {
      Int((min(max(share, 0), 1) * Double(side)).rounded())
    }
    let width = max(pixels(drawn.width, size.width), 1)
    let height = max(pixels(drawn.height, size.height), 1)
    let part = PixelRectangle(
      x: min(pixels(drawn.x, size.width), size.width - width),
      y: min(pixels(drawn.y, size.height), size.height - height), width: width, height: height)
    return ScaleMap(part, to: result, by: resampling)
  }
}
