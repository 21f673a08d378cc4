import Images

/// Where the pixels of a picture go.
///
/// Points are counted from the top left corner of a picture, so that the centre of its top left
/// pixel is (½, ½).
public protocol SpatialMap: Sendable {
  /// The size of the result.
  var size: PixelSize { get }
  /// The moved picture.
  func image(_ image: Image) -> Image
  /// A moved picture whose levels are names.
  func mask(_ mask: Image) -> Image
  /// Where a point goes.
  func point(_ point: SIMD2<Double>) -> SIMD2<Double>
  /// Where a side from a point to another goes: points from the first one's place on, without the
  /// last one's, between which it is straight, or nearly so.
  func side(from: SIMD2<Double>, to: SIMD2<Double>) -> [SIMD2<Double>]
}

extension SpatialMap {
  /// Lines stay straight.
  public func side(from: SIMD2<Double>, to: SIMD2<Double>) -> [SIMD2<Double>] { [point(from)] }
}

/// What stands where a moved picture has no pixel.
public enum Border: String, Sendable, CaseIterable, Codable {
  /// One level: `fill` in pictures, 0 in masks.
  case fill
  /// The nearest pixel of the border.
  case edge
  /// The picture mirrored at its border.
  case reflect
}

/// The eight ways to lay a square upon itself.
public struct TurnMap: SpatialMap {
  /// The size of the result.
  public let size: PixelSize
  private let original: PixelSize
  private let swaps: Bool, mirrors: Bool, flips: Bool

  /// Describes the part.
  ///
  /// - Parameters:
  ///   - original: The size of the picture.
  ///   - swaps: Whether rows and columns are swapped, first of all.
  ///   - mirrors: Whether left and right are swapped then.
  ///   - flips: Whether top and bottom are swapped then.
  init(_ original: PixelSize, swaps: Bool = false, mirrors: Bool = false, flips: Bool = false) {
    self.original = original
    size = swaps ? PixelSize(width: original.height, height: original.width) : original
    self.swaps = swaps
    self.mirrors = mirrors
    self.flips = flips
  }

  /// The map of clockwise quarter turns.
  init(_ original: PixelSize, quarterTurns: Int) {
    let turns = quarterTurns & 3
    self.init(
      original, swaps: turns & 1 == 1, mirrors: turns == 1 || turns == 2,
      flips: turns == 2 || turns == 3)
  }

  /// The turned picture; levels stay.
  public func image(_ image: Image) -> Image {
    var image = swaps ? image.swapped() : image
    if mirrors { image = image.mirrored() }
    return flips ? image.flippedVertically() : image
  }

  /// The turned mask.
  public func mask(_ mask: Image) -> Image { image(mask) }

  /// Where a point goes.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> {
    var point = swaps ? [point.y, point.x] : point
    if mirrors { point.x = Double(size.width) - point.x }
    if flips { point.y = Double(size.height) - point.y }
    return point
  }
}

/// A part of a picture, or more than it: cropping and padding.
public struct FrameMap: SpatialMap {
  /// The size of the result.
  public let size: PixelSize
  private let original: PixelSize
  private let x: Int, y: Int
  private let border: Border
  private let fill: UInt8

  /// - Parameters:
  ///   - original: The size of the picture.
  ///   - x: The first column that is kept; columns outside the picture are added.
  ///   - y: The first row that is kept; rows outside the picture are added.
  ///   - size: Columns and rows that are kept.
  ///   - border: What is added.
  ///   - fill: The level, for the border `fill`.
  public init(
    _ original: PixelSize, x: Int, y: Int, size: PixelSize, border: Border = .fill, fill: UInt8 = 0
  ) {
    self.original = original
    self.size = size
    self.x = x
    self.y = y
    self.border = border
    self.fill = fill
  }

  /// The part of the picture.
  public func image(_ image: Image) -> Image { framed(image, fill: fill) }

  /// The part of the mask; what is added is 0.
  public func mask(_ mask: Image) -> Image { framed(mask, fill: 0) }

  /// Where a point goes.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> {
    [point.x - Double(x), point.y - Double(y)]
  }

  private func framed(_ image: Image, fill: UInt8) -> Image {
    let left = max(x, 0), top = max(y, 0)
    let right = min(x + size.width, original.width), bottom = min(y + size.height, original.height)
    let padding: Image.Padding =
      switch border {
      case .fill: .constant(fill)
      case .edge: .edge
      case .reflect: .reflect
      }
    if x >= 0, y >= 0, right - left == size.width, bottom - top == size.height {
      return image.cropped(
        to: PixelRectangle(x: left, y: top, width: right - left, height: bottom - top))
    }
    // Padding first lets a mirror see all of the picture.
    let padded = image.padded(
      left: max(-x, 0), top: max(-y, 0), right: max(x + size.width - original.width, 0),
      bottom: max(y + size.height - original.height, 0), with: padding)
    return padded.cropped(
      to: PixelRectangle(x: left, y: top, width: size.width, height: size.height))
  }
}

/// Another size, of all of a picture or of a part of it.
public struct ScaleMap: SpatialMap {
  /// The size of the result.
  public let size: PixelSize
  private let part: PixelRectangle
  private let resampling: Resampling

  /// Describes the scaling.
  ///
  /// - Parameters:
  ///   - part: What is scaled.
  ///   - size: The size of the result.
  ///   - resampling: How levels between pixels are found, in pictures.
  public init(
    _ part: PixelRectangle, to size: PixelSize, by resampling: Resampling = .bilinear
  ) {
    self.part = part
    self.size = size
    self.resampling = resampling
  }

  /// The scaled picture.
  public func image(_ image: Image) -> Image {
    image.cropped(to: part).resized(width: size.width, height: size.height, by: resampling)
  }

  /// The scaled mask, the nearest pixel each.
  public func mask(_ mask: Image) -> Image {
    mask.cropped(to: part).resized(width: size.width, height: size.height, by: .nearest)
  }

  /// Where a point goes.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> {
    [
      (point.x - Double(part.x)) * Double(size.width) / Double(part.width),
      (point.y - Double(part.y)) * Double(size.height) / Double(part.height),
    ]
  }
}
