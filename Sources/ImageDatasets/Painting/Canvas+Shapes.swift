/// A position or direction on the canvas, in units of the picture's height.
typealias Point = SIMD2<Float>

extension Canvas {
  /// Draws a straight stroke with round ends; its width may taper.
  mutating func stroke(
    from start: Point, to end: Point, width startWidth: Float, endWidth: Float, color: Color,
    opacity: Float = 1
  ) {
    let widest = max(startWidth, endWidth) / 2
    let rows = rows(min(start.y, end.y) - widest, max(start.y, end.y) + widest)
    let columns = columns(min(start.x, end.x) - widest, max(start.x, end.x) + widest)
    let along = end - start
    let inverse = 1 / max((along * along).sum(), 1e-12)
    for row in rows {
      for column in columns {
        let offset = Point(x(column), y(row)) - start
        let position = clamped((offset * along).sum() * inverse)
        let nearest = offset - along * position
        let distance = (nearest * nearest).sum().squareRoot()
        let radius = mix(startWidth, endWidth, position) / 2
        // A stroke finer than a pixel fades instead of vanishing.
        let coverage = clamped((radius - distance) * scale + 0.5) * min(1, radius * scale * 2)
        if coverage > 0 { lay(color, over: column, row, opacity: coverage * opacity) }
      }
    }
  }

  /// Fills a convex polygon with the colours that `paint` gives for positions.
  mutating func fill(_ corners: [Point], opacity: Float = 1, paint: (Point) -> Color) {
    let top = corners.map(\.y).min() ?? 0, bottom = corners.map(\.y).max() ?? 0
    for row in rows(top, bottom) {
      let y = y(row)
      var left = Float.infinity, right = -Float.infinity
      for (index, a) in corners.enumerated() {
        let b = corners[(index + 1) % corners.count]
        guard (a.y <= y) != (b.y <= y) else { continue }
        let crossing = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)
        left = min(left, crossing)
        right = max(right, crossing)
      }
      guard left < right else { continue }
      for column in columns(left - 1 / scale, right + 1 / scale) {
        let x = x(column)
        let coverage =
          clamped((x - left) * scale + 0.5) * clamped((right - x) * scale + 0.5)
        if coverage > 0 { lay(paint(Point(x, y)), over: column, row, opacity: coverage * opacity) }
      }
    }
  }

  /// Lays a soft ellipse over the canvas: full in the middle, nothing at the rim.
  mutating func softEllipse(
    center: Point, radii: Point, opacity: Float, paint: (Color) -> Color
  ) {
    for row in rows(center.y - radii.y, center.y + radii.y) {
      for column in columns(center.x - radii.x, center.x + radii.x) {
        let offset = (Point(x(column), y(row)) - center) / radii
        let square = (offset * offset).sum()
        guard square < 1 else { continue }
        let strength = opacity * (1 - square) * (1 - square)
        lay(paint(self[column, row]), over: column, row, opacity: strength)
      }
    }
  }
}
