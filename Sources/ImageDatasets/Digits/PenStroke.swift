/// A line that a pen draws without being lifted.
///
/// Positions are relative to the digit's middle, in units of its height: `x` about −0.3…0.3, `y`
/// −0.5 (top) … 0.5.
struct PenStroke: Sendable {
  /// Points along the line, close enough together to be joined by straight pieces.
  let points: [Point]

  /// Straight pieces from corner to corner.
  static func line(_ corners: Point...) -> PenStroke {
    var points = [corners[0]]
    for (start, end) in zip(corners, corners.dropFirst()) {
      points += (1...piecesPerLine).map {
        start + (end - start) * (Float($0) / Float(piecesPerLine))
      }
    }
    return PenStroke(points: points)
  }

  /// A smooth line through points: a Catmull–Rom spline.
  static func curve(_ knots: Point...) -> PenStroke {
    PenStroke(points: spline([knots[0]] + knots + [knots[knots.count - 1]]))
  }

  /// A smooth line through points that returns to the first.
  static func loop(_ knots: Point...) -> PenStroke {
    PenStroke(points: spline([knots[knots.count - 1]] + knots + knots.prefix(2)))
  }

  /// This stroke and another one, which begins where this ends, without lifting the pen.
  func then(_ next: PenStroke) -> PenStroke {
    PenStroke(points: points + next.points.dropFirst())
  }

  /// Enough for trembling lines to look smooth.
  private static let piecesPerLine = 6, piecesPerKnot = 5

  /// Points from the second to the last but one of the knots; the outer two give the directions.
  private static func spline(_ knots: [Point]) -> [Point] {
    var points = [knots[1]]
    for index in 1..<knots.count - 2 {
      let (before, from, to, after) = (
        knots[index - 1], knots[index], knots[index + 1], knots[index + 2]
      )
      for piece in 1...piecesPerKnot {
        let t = Float(piece) / Float(piecesPerKnot)
        let linear = (to - before) * t
        let square = (2 * before - 5 * from + 4 * to - after) * (t * t)
        let cube = (3 * from - before - 3 * to + after) * (t * t * t)
        points.append((2 * from + linear + square + cube) * 0.5)
      }
    }
    return points
  }
}
