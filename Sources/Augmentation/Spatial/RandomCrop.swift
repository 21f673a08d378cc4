import Images
import Tensors

/// Cuts out a part of a fixed size, at a random place.
public struct RandomCrop: SpatialOperation {
  /// What it does.
  public static let summary = "Cuts out a part of a fixed size, at a random place."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [.width(\.width), .height(\.height)]

  /// What is drawn: the place as shares of the room there is, 0…1.
  public struct Drawn: Codable, Sendable, Equatable {
    /// From the left.
    public var x: Double
    /// From the top.
    public var y: Double
  }

  /// Columns of the part, at least 1.
  public var width = 256
  /// Rows of the part, at least 1.
  public var height = 256
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256×256 pixels.
  public init() {}

  /// Creates the operation.
  public init(width: Int, height: Int, probability: Float = 1) {
    self.width = width
    self.height = height
    self.probability = probability
    requireValid()
  }

  private var part: PixelSize { PixelSize(width: width, height: height) }

  /// Draws the place; all are equally likely.
  ///
  /// - Throws: If the picture is smaller than the part.
  public func draw(
    for size: PixelSize, using random: inout SeededRandom
  ) throws(AugmentationError) -> Drawn {
    try size.requireRoom(for: part, in: Self.name)
    func share(_ places: Int) -> Double {
      (Double(random.integer(below: places)) + 0.5) / Double(places)
    }
    return Drawn(x: share(size.width - width + 1), y: share(size.height - height + 1))
  }

  /// Where everything goes.
  ///
  /// - Throws: If the picture is smaller than the part.
  public func map(_ drawn: Drawn, for size: PixelSize) throws(AugmentationError) -> FrameMap {
    try size.requireRoom(for: part, in: Self.name)
    func place(_ share: Double, _ places: Int) -> Int {
      min(Int(max(share, 0) * Double(places)), places - 1)
    }
    return FrameMap(
      size, x: place(min(drawn.x, 1), size.width - width + 1),
      y: place(min(drawn.y, 1), size.height - height + 1), size: part)
  }
}
