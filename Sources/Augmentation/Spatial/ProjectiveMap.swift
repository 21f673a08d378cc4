import Foundation
import Images

/// A projection of the plane, `[x, y, 1]` times three rows; equal up to a factor.
struct ProjectiveMatrix: Sendable, Equatable {
  /// Row by row.
  var elements: [Double]

  static let identity = ProjectiveMatrix(elements: [1, 0, 0, 0, 1, 0, 0, 0, 1])

  static func translation(_ x: Double, _ y: Double) -> ProjectiveMatrix {
    ProjectiveMatrix(elements: [1, 0, x, 0, 1, y, 0, 0, 1])
  }

  static func scale(_ x: Double, _ y: Double) -> ProjectiveMatrix {
    ProjectiveMatrix(elements: [x, 0, 0, 0, y, 0, 0, 0, 1])
  }

  /// A turn about the origin; positive degrees turn counterclockwise, as a picture is seen.
  static func rotation(degrees: Double) -> ProjectiveMatrix {
    let angle = degrees * .pi / 180
    return ProjectiveMatrix(
      elements: [cos(angle), sin(angle), 0, -sin(angle), cos(angle), 0, 0, 0, 1])
  }

  /// A shear about the origin: columns lean by the first angle, rows by the second.
  static func shear(degreesX: Double, degreesY: Double) -> ProjectiveMatrix {
    ProjectiveMatrix(
      elements: [1, tan(degreesX * .pi / 180), 0, tan(degreesY * .pi / 180), 1, 0, 0, 0, 1])
  }

  /// The first, then the second.
  static func * (second: ProjectiveMatrix, first: ProjectiveMatrix) -> ProjectiveMatrix {
    var product = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for inner in 0..<3 {
          product[3 * row + column] +=
            second.elements[3 * row + inner] * first.elements[3 * inner + column]
        }
      }
    }
    return ProjectiveMatrix(elements: product)
  }

  /// Whether there is a way back.
  var isInvertible: Bool { adjugateAndDeterminant.determinant.isNormal }

  /// The way back; traps where there is none.
  var inverse: ProjectiveMatrix {
    let (adjugate, determinant) = adjugateAndDeterminant
    precondition(determinant != 0, "a projection \(elements) without an inverse")
    return ProjectiveMatrix(elements: adjugate.map { $0 / determinant })
  }

  private var adjugateAndDeterminant: (adjugate: [Double], determinant: Double) {
    let m = elements
    func minor(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double { m[a] * m[d] - m[b] * m[c] }
    let adjugate = [
      minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
      -minor(3, 5, 6, 8), minor(0, 2, 6, 8), -minor(0, 2, 3, 5),
      minor(3, 4, 6, 7), -minor(0, 1, 6, 7), minor(0, 1, 3, 4),
    ]
    return (adjugate, m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6])
  }

  /// Where a point goes.
  func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let m = elements
    let scale = 1 / (m[6] * point.x + m[7] * point.y + m[8])
    return [
      (m[0] * point.x + m[1] * point.y + m[2]) * scale,
      (m[3] * point.x + m[4] * point.y + m[5]) * scale,
    ]
  }

  /// The projection that takes the corners of a rectangle, clockwise from the top left, to points.
  static func corners(of size: PixelSize, to points: [SIMD2<Double>]) -> ProjectiveMatrix {
    precondition(points.count == 4, "\(points.count) corners")
    // P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3: from
    // the unit square.
    let sum = points[0] - points[1] + points[2] - points[3]
    let a = points[1] - points[2], b = points[3] - points[2]
    let determinant = a.x * b.y - b.x * a.y
    let g = (sum.x * b.y - b.x * sum.y) / determinant
    let h = (a.x * sum.y - sum.x * a.y) / determinant
    let unit = ProjectiveMatrix(elements: [
      points[1].x - points[0].x + g * points[1].x, points[3].x - points[0].x + h * points[3].x,
      points[0].x,
      points[1].y - points[0].y + g * points[1].y, points[3].y - points[0].y + h * points[3].y,
      points[0].y, g, h, 1,
    ])
    return unit * .scale(1 / Double(size.width), 1 / Double(size.height))
  }
}

/// A picture seen through a projection.
public struct ProjectiveMap: SpatialMap {
  /// The size of the result.
  public let size: PixelSize
  private let forward: ProjectiveMatrix
  private let border: Border
  private let fill: UInt8
  private let resampling: Interpolation

  /// - Parameters:
  ///   - forward: From points of the picture to points of the result.
  ///   - size: The size of the result.
  ///   - border: What stands where the picture has no pixel.
  ///   - fill: The level, for the border `fill`.
  ///   - resampling: How levels between pixels are found, in pictures.
  init(
    _ forward: ProjectiveMatrix, size: PixelSize, border: Border, fill: Int,
    resampling: Interpolation = .bilinear
  ) {
    self.forward = forward
    self.size = size
    self.border = border
    self.fill = UInt8(fill)
    self.resampling = resampling
  }

  /// The picture as it is seen.
  public func image(_ image: Image) -> Image {
    image.projected(
      by: backward, to: size, bilinear: resampling == .bilinear, border: border, fill: fill)
  }

  /// The mask as it is seen; 0 where there is none.
  public func mask(_ mask: Image) -> Image {
    mask.projected(by: backward, to: size, bilinear: false, border: border, fill: 0)
  }

  /// Where a point goes.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> { forward(point) }

  /// From centres of pixels of the result to those of the picture.
  private var backward: ProjectiveMatrix {
    .translation(-0.5, -0.5) * forward.inverse * .translation(0.5, 0.5)
  }
}

/// How levels between pixels are found when a picture is turned or bent.
public enum Interpolation: String, Sendable, CaseIterable {
  /// The nearest pixel.
  case nearest
  /// Linear in both directions.
  case bilinear
}
