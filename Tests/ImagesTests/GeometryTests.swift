import Images
import Testing

@Suite("Geometry")
struct GeometryTests {
  private let image = Image.noise(width: 7, height: 5, channels: 3)

  /// Whether `other` has at each position the pixel of `image` that `source` names.
  private func expect(
    _ other: Image, width: Int, height: Int, _ source: (Int, Int) -> (Int, Int)
  ) {
    #expect(other.width == width && other.height == height)
    for y in 0..<height {
      for x in 0..<width {
        let from = source(x, y)
        for channel in 0..<3 {
          #expect(other[x, y, channel] == image[from.0, from.1, channel], "at (\(x), \(y))")
        }
      }
    }
  }

  @Test("cropping takes the part, whole or small")
  func cropping() {
    expect(image.cropped(to: PixelRectangle(x: 2, y: 1, width: 4, height: 3)), width: 4, height: 3)
    { ($0 + 2, $1 + 1) }
    #expect(image.cropped(to: PixelRectangle(x: 0, y: 0, width: 7, height: 5)) == image)
    expect(image.cropped(to: PixelRectangle(x: 6, y: 4, width: 1, height: 1)), width: 1, height: 1)
    { _, _ in (6, 4) }
  }

  @Test("flips swap sides")
  func flips() {
    expect(image.flippedHorizontally(), width: 7, height: 5) { (6 - $0, $1) }
    expect(image.flippedVertically(), width: 7, height: 5) { ($0, 4 - $1) }
    expect(image.transposed(), width: 5, height: 7) { ($1, $0) }
  }

  @Test("quarter turns go clockwise and add up")
  func turns() {
    expect(image.rotated(quarterTurns: 1), width: 5, height: 7) { ($1, 4 - $0) }
    expect(image.rotated(quarterTurns: -1), width: 5, height: 7) { (6 - $1, $0) }
    for turns in -5...5 {
      let stepwise = (0..<((turns % 4 + 4) % 4)).reduce(image) { turned, _ in
        turned.rotated(quarterTurns: 1)
      }
      #expect(image.rotated(quarterTurns: turns) == stepwise)
    }
  }

  @Test("padding by edge and by reflection, wider than the picture too")
  func padding() {
    expect(image.padded(left: 9, top: 1, right: 2, bottom: 12, with: .edge), width: 18, height: 18)
    { (min(max($0 - 9, 0), 6), min(max($1 - 1, 0), 4)) }
    func mirrored(_ position: Int, _ count: Int) -> Int {
      var position = position
      while position < 0 || position >= count {
        position = position < 0 ? -position : 2 * (count - 1) - position
      }
      return position
    }
    expect(image.padded(left: 9, top: 3, bottom: 14, with: .reflect), width: 16, height: 22) {
      (mirrored($0 - 9, 7), mirrored($1 - 3, 5))
    }
    let dot = Image(width: 1, height: 1, channels: 1, samples: [5])
    #expect(dot.padded(left: 2, bottom: 1, with: .reflect).samples == [5, 5, 5, 5, 5, 5])
  }

  @Test("padding by a constant keeps the picture inside")
  func constantPadding() {
    let padded = image.padded(left: 1, top: 2, right: 3, bottom: 4, with: .constant(9))
    #expect(padded.width == 11 && padded.height == 11)
    #expect(padded.cropped(to: PixelRectangle(x: 1, y: 2, width: 7, height: 5)) == image)
    #expect(padded[0, 5, 1] == 9 && padded[8, 3, 0] == 9 && padded[4, 10, 2] == 9)
  }

  @Test("a grid puts pictures in cells with gaps between")
  func grid() {
    let red = Image(width: 2, height: 2, channels: 3, samples: [UInt8](repeating: 200, count: 12))
    let grey = Image(width: 1, height: 1, channels: 1, samples: [7])
    let clear = Image(width: 1, height: 3, channels: 2, samples: [9, 0, 9, 0, 9, 255])
    let grid = Image.grid(rows: [[red, grey], [clear]], gap: 1, background: 50)
    #expect(grid.width == 4 && grid.height == 6 && grid.channels == 3)
    let first: [UInt8] = [200, 200, 50, 7, 200, 200, 50, 50, 50, 50, 50, 50]
    let second: [UInt8] = [50, 50, 50, 50, 50, 50, 50, 50, 9, 50, 50, 50]
    for channel in 0..<3 {
      let plane = (0..<24).map { grid[$0 % 4, $0 / 4, channel] }
      #expect(plane == first + second)
    }
  }
}
