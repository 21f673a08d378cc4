import Images

/// What a scene is painted on: more pixels than the picture will have, colours in floats.
///
/// Positions are in units of the picture's height: `y` runs from 0 (top) to 1 (bottom), `x` from
/// 0 in the middle to half the aspect ratio at either side. So a scene is the same at any size.
struct Canvas {
  /// Canvas pixels in one unit.
  let scale: Float
  let width: Int
  let height: Int
  private let supersampling: Int
  private var pixels: [Color]

  /// Creates a canvas for a picture of some size.
  init(pictureWidth: Int, pictureHeight: Int) {
    supersampling = min(max(192 / min(pictureWidth, pictureHeight), 2), 4)
    width = pictureWidth * supersampling
    height = pictureHeight * supersampling
    scale = Float(height)
    pixels = [Color](repeating: .zero, count: width * height)
  }

  /// Half the picture's width in units.
  var halfWidth: Float { Float(width) / (2 * scale) }

  /// Position of the centre of a pixel's column.
  @inline(__always)
  func x(_ column: Int) -> Float { (Float(column) + 0.5 - Float(width) / 2) / scale }

  /// Position of the centre of a pixel's row.
  @inline(__always)
  func y(_ row: Int) -> Float { (Float(row) + 0.5) / scale }

  /// Columns whose centres lie in an interval, as far as they are on the canvas.
  @inline(__always)
  func columns(_ left: Float, _ right: Float) -> Range<Int> {
    let middle = Float(width) / 2
    return Self.pixels(left * scale + middle, right * scale + middle, limit: width)
  }

  /// Rows whose centres lie in an interval, as far as they are on the canvas.
  @inline(__always)
  func rows(_ top: Float, _ bottom: Float) -> Range<Int> {
    Self.pixels(top * scale, bottom * scale, limit: height)
  }

  @inline(__always)
  private static func pixels(_ from: Float, _ to: Float, limit: Int) -> Range<Int> {
    let first = min(max((from - 0.5).rounded(.up), 0), Float(limit))
    let end = min(max((to + 0.5).rounded(.down), first), Float(limit))
    return Int(first)..<Int(end)
  }

  subscript(column: Int, row: Int) -> Color {
    @inline(__always) get { pixels[row * width + column] }
    @inline(__always) set { pixels[row * width + column] = newValue }
  }

  /// Lays a colour over a pixel, with an opacity in 0…1.
  @inline(__always)
  mutating func lay(_ color: Color, over column: Int, _ row: Int, opacity: Float) {
    let index = row * width + column
    pixels[index] = mix(pixels[index], color, opacity)
  }

  /// The picture: canvas pixels averaged, 8 bits a channel.
  func picture() -> Image {
    let pictureWidth = width / supersampling, pictureHeight = height / supersampling
    var picture: [UInt8] = []
    picture.reserveCapacity(pictureWidth * pictureHeight * 3)
    let share = 255 / Float(supersampling * supersampling)
    for y in 0..<pictureHeight {
      for x in 0..<pictureWidth {
        var sum = Color.zero
        for row in y * supersampling..<(y + 1) * supersampling {
          for column in x * supersampling..<(x + 1) * supersampling {
            sum += self[column, row].clamped(lowerBound: .zero, upperBound: .one)
          }
        }
        let samples = sum * share + 0.5
        for channel in 0..<3 { picture.append(UInt8(samples[channel])) }
      }
    }
    return Image(width: pictureWidth, height: pictureHeight, channels: 3, samples: picture)
  }
}
