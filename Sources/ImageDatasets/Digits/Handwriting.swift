import Tensors

/// What tells one writer's digit from another's.
struct Handwriting {
  /// Where the digit's middle lies, from the picture's middle.
  private let place: Point
  /// Columns of the map from the digit's plane to the picture's: size, turn and slant.
  private let across: Point, down: Point
  private let tremble: Tremble
  /// The pen's thickness, and how much of it pressure takes or gives.
  private let thickness: Float, pressure: Float
  /// 0 black … 1 white.
  private let ink: Float

  init(random: inout SeededRandom) {
    let height = random.uniform(in: 0.58...0.73)
    let width = height * random.uniform(in: 0.82...1.2)
    let slant = random.uniform(in: -0.12...0.38)
    // A turn by twice the arc tangent of t, without functions that machines compute differently.
    let t = random.uniform(in: -0.06...0.06)
    let cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t)
    across = Point(cosine, sine) * width
    down = Point(-slant * cosine - sine, cosine - slant * sine) * height
    place = Point(random.uniform(in: -0.05...0.05), 0.5 + random.uniform(in: -0.05...0.05))
    thickness = 0.055 + 0.065 * random.uniform()
    pressure = random.uniform(in: 0...0.35)
    ink = random.uniform(in: 0.82...1)
    tremble = Tremble(random: &random)
  }

  /// Draws a stroke, white with the ink that the hand uses.
  func draw(_ stroke: PenStroke, on canvas: inout Canvas) {
    let points = stroke.points.map(position)
    let widths = stroke.points.map(width)
    for index in 1..<points.count {
      canvas.stroke(
        from: points[index - 1], to: points[index], width: widths[index - 1],
        endWidth: widths[index], color: Color(repeating: ink))
    }
  }

  private func position(of point: Point) -> Point {
    let moved = point + tremble.offset(at: point)
    return place + across * moved.x + down * moved.y
  }

  private func width(at point: Point) -> Float {
    thickness * (1 + pressure * tremble.pressure(at: point))
  }
}

/// A smooth displacement of the plane: what joins stays joined.
private struct Tremble {
  private let amount: Float, fineness: Float
  private let x: Noise, y: Noise, z: Noise

  init(random: inout SeededRandom) {
    amount = random.uniform(in: 0.06...0.2)
    fineness = random.uniform(in: 1.6...3)
    func noise() -> Noise { Noise(seed: UInt32(truncatingIfNeeded: random.next())) }
    x = noise()
    y = noise()
    z = noise()
  }

  func offset(at point: Point) -> Point {
    let place = point * fineness
    return Point(x.value(place.x, place.y) - 0.5, y.value(place.x, place.y) - 0.5) * amount
  }

  /// In −1…1.
  func pressure(at point: Point) -> Float {
    2 * z.value(point.x * fineness, point.y * fineness) - 1
  }
}
