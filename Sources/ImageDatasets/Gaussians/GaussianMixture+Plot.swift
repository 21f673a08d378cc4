import Images
import Tensors

extension GaussianMixture {
  /// Draws points over the circles that hold the good ones.
  ///
  /// Good points are blue, others red; those outside −2…2 are not seen.
  ///
  /// - Parameters:
  ///   - points: `[N, 1, 1, 2]`.
  ///   - size: Rows and columns of the picture.
  public func plot(_ points: Tensor, size: Int = 400) -> Image {
    var canvas = Canvas(pictureWidth: size, pictureHeight: size)
    func place(_ position: SIMD2<Float>) -> Point { Point(position.x / 4, 0.5 - position.y / 4) }
    func disc(_ position: SIMD2<Float>, _ diameter: Float, _ color: Color, _ opacity: Float) {
      let middle = place(position)
      canvas.stroke(
        from: middle, to: middle, width: diameter, endWidth: diameter, color: color,
        opacity: opacity)
    }
    canvas.fill([Point(-1, -1), Point(1, -1), Point(1, 2), Point(-1, 2)]) { _ in
      .rgb(1, 1, 1)
    }
    for center in centers { disc(center, max(6 * deviation / 4, 0.02), .rgb(0.84, 0.87, 0.9), 1) }
    for position in Self.positions(points) where abs(position.x) < 2 && abs(position.y) < 2 {
      let isGood = center(near: position) != nil
      disc(position, 0.006, isGood ? .rgb(0.1, 0.3, 0.65) : .rgb(0.85, 0.25, 0.15), 0.7)
    }
    return canvas.picture()
  }
}
