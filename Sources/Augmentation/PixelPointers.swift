import CPixels
import Images

// This target's unsafe room: the loops of CPixels.

extension Image {
  /// The channels that are colours: all but alpha.
  package var colors: Int { channels >= 3 ? 3 : 1 }

  /// A picture whose every sample `body` writes.
  private func making(
    width: Int, height: Int,
    _ body: (pixels_picture, UnsafeMutablePointer<UInt8>) -> Void
  ) -> Image {
    let count = width * height * channels
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      samples.withUnsafeBufferPointer { source in
        let picture = pixels_picture(
          samples: source.baseAddress, width: self.width, height: self.height, channels: channels)
        body(picture, target.baseAddress!)
      }
      filled = count
    }
    return Image(width: width, height: height, channels: channels, samples: result)
  }

  private func making(
    _ body: (pixels_picture, UnsafeMutablePointer<UInt8>) -> Void
  ) -> Image {
    making(width: width, height: height, body)
  }

  /// The picture with each colour's levels replaced by those of its table; alpha stays.
  ///
  /// - Parameter tables: 256 levels for each colour, or for all of them.
  func lookedUp(_ tables: [[UInt8]]) -> Image {
    precondition(tables.count == 1 || tables.count == colors, "\(tables.count) tables")
    precondition(tables.allSatisfy { $0.count == 256 }, "tables of other than 256 levels")
    if tables.count == 1, !hasAlpha {
      let count = samples.count
      return making { pixels_look_up($0.samples, $1, count, 1, tables[0]) }
    }
    var all = (0..<colors).flatMap { tables.count == 1 ? tables[0] : tables[$0] }
    if hasAlpha { all += (0...255).map { UInt8($0) } }
    return making { pixels_look_up($0.samples, $1, width * height, channels, all) }
  }

  /// How many pixels have each level, for each channel.
  func levelCounts() -> [[UInt32]] {
    let counts = [UInt32](unsafeUninitializedCapacity: 256 * channels) { counts, filled in
      pixels_count(samples, width * height, channels, counts.baseAddress)
      filled = 256 * channels
    }
    return (0..<channels).map { Array(counts[256 * $0..<256 * ($0 + 1)]) }
  }

  /// The mixture with a picture of the same size and channels; alpha stays.
  ///
  /// - Parameter weight: Of the other picture, 0…1, taken to the next 256th.
  func blended(with other: Image, weight: Float) -> Image {
    precondition(
      other.width == width && other.height == height && other.channels == channels,
      "\(other.width)×\(other.height)×\(other.channels) mixed into \(width)×\(height)×\(channels)")
    let part = Int32((weight * 256).rounded())
    return making {
      pixels_blend($0.samples, other.samples, $1, width * height, channels, colors, part)
    }
  }

  /// The picture with left and right swapped.
  func mirrored() -> Image { making { pixels_mirror($0, $1) } }

  /// The picture with rows and columns swapped.
  func swapped() -> Image { making(width: height, height: width) { pixels_transpose($0, $1) } }

  /// A change that mixes pixels, made with colours weighed by alpha: what is transparent does not
  /// shine through.
  private func mixing(_ change: (Image) -> Image) -> Image {
    hasAlpha ? change(premultiplied()).unpremultiplied() : change(self)
  }

  /// The levels at places of this picture, for each pixel of a picture of another size.
  ///
  /// - Parameter places: Writes where the pixels of a row come from, counted from the centre of
  ///   the top left pixel.
  func sampled(
    _ size: PixelSize, bilinear: Bool, border: Border, fill: UInt8,
    places: (_ row: Int, _ xs: UnsafeMutablePointer<Float>, _ ys: UnsafeMutablePointer<Float>) ->
      Void
  ) -> Image {
    guard bilinear, hasAlpha else {
      return sampled(size, bilinear: bilinear, border, fill: [fill], places: places)
    }
    // The fill is a pixel like others: its colours are weighed by its alpha.
    let pixel = Image(
      width: 1, height: 1, channels: channels, repeating: fill
    ).premultiplied()
    return mixing { $0.sampled(size, bilinear: true, border, fill: pixel.samples, places: places) }
  }

  /// - Parameter fill: A level for each channel, or one for all.
  private func sampled(
    _ size: PixelSize, bilinear: Bool, _ border: Border, fill: [UInt8],
    places: (_ row: Int, _ xs: UnsafeMutablePointer<Float>, _ ys: UnsafeMutablePointer<Float>) ->
      Void
  ) -> Image {
    func level(_ channel: Int) -> UInt8 { fill[min(channel, fill.count - 1)] }
    let how = pixels_sampling(
      border: Int32(border.code), bilinear: bilinear ? 1 : 0,
      fill: (level(0), level(1), level(2), level(3)))
    return making(width: size.width, height: size.height) { source, target in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size.width) { both in
        let xs = both.baseAddress!, ys = xs + size.width
        for row in 0..<size.height {
          places(row, xs, ys)
          pixels_sample(
            source, xs, ys, size.width, target + row * size.width * channels, how)
        }
      }
    }
  }

  /// The picture seen through a projection, which leads from pixels of the result to this picture.
  func projected(
    by matrix: ProjectiveMatrix, to size: PixelSize, bilinear: Bool, border: Border, fill: UInt8
  ) -> Image {
    let elements = matrix.elements
    return sampled(size, bilinear: bilinear, border: border, fill: fill) { row, xs, ys in
      pixels_project(elements, Double(row), size.width, xs, ys)
    }
  }

  /// Sums of neighbours along rows, then columns, the picture mirrored at its borders.
  ///
  /// - Parameters:
  ///   - weightsX: An odd number of weights in 256ths, which add up to 256.
  ///   - weightsY: The same for columns.
  func filtered(weightsX: [UInt16], weightsY: [UInt16]) -> Image {
    let radiusX = weightsX.count / 2, radiusY = weightsY.count / 2
    precondition(
      weightsX.reduce(0, +) == 256 && weightsY.reduce(0, +) == 256, "weights that do not add up")
    precondition(max(radiusX, radiusY) < 128, "a radius of \(max(radiusX, radiusY))")
    let row = 2 * width * channels
    let bytes = (2 * radiusY + 2) * row + 4 * (row + 2 * radiusX * channels)
    return mixing { image in
      image.making { source, target in
        withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 16) { scratch in
          pixels_blur(source, target, weightsX, radiusX, weightsY, radiusY, scratch.baseAddress)
        }
      }
    }
  }

  /// Sums of neighbours at any distances, the picture mirrored at its borders.
  ///
  /// - Parameter taps: Distances and their weights in 256ths, which add up to 256.
  func gathered(_ taps: [(x: Int, y: Int, weight: UInt16)]) -> Image {
    precondition(taps.reduce(0) { $0 + $1.weight } == 256, "weights that do not add up")
    let radius = taps.map { max(abs($0.x), abs($0.y)) }.max() ?? 0
    let row = (width + 2 * radius) * channels
    let distances = taps.map { ($0.y + radius) * row + ($0.x + radius) * channels }
    let weights = taps.map(\.weight)
    return mixing { image in
      image.making { source, target in
        withPaddedStrip(radius: radius) { scratch in
          pixels_gather(source, target, radius, distances, weights, taps.count, scratch)
        }
      }
    }
  }

  /// The sum of each sample and its 3×3 neighbourhood, with a weight each.
  func ringed(centre: Float, ring: Float) -> Image {
    making { source, target in
      withPaddedStrip(radius: 1) { pixels_ring(source, target, centre, ring, $0) }
    }
  }

  private func withPaddedStrip(
    radius: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let count = (pixels_strip + 2 * radius) * (width + 2 * radius) * channels
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { body($0.baseAddress!) }
  }

  /// The picture with its colours changed, one change after the other, rounded once.
  func adjusted(_ changes: [ColorChange]) -> Image {
    let all = changes.map(\.adjustment)
    return making {
      pixels_adjust($0.samples, $1, width * height, channels, all, all.count)
    }
  }

  /// The mean grey level after changes, 0…255.
  func meanGrey(after changes: [ColorChange] = []) -> Float {
    let all = changes.map(\.adjustment)
    let sum = pixels_grey_sum(samples, width * height, channels, all, all.count)
    return Float(sum / Double(width * height))
  }

  /// One channel of grey levels.
  func grey() -> Image {
    let count = width * height
    let levels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      pixels_grey(samples, target.baseAddress, count, channels)
      filled = count
    }
    return Image(width: width, height: height, channels: 1, samples: levels)
  }

  /// The picture with equal colours, the channels kept.
  func withoutColor() -> Image {
    making { pixels_without_color($0.samples, $1, width * height, channels) }
  }

  /// The picture with the difference of two grey pictures added to each colour.
  func adding(differenceFrom before: Image, to after: Image) -> Image {
    precondition(before.samples.count == width * height && after.samples.count == width * height)
    return making {
      pixels_add_difference(
        $0.samples, before.samples, after.samples, $1, width * height, channels)
    }
  }

  /// A grey picture equalised in tiles.
  func equalizedInTiles(columns: Int, rows: Int, clip: Float) -> Image {
    precondition(channels == 1 && columns <= width && rows <= height)
    return making { source, target in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256 * columns * rows) { tables in
        pixels_equalize_tiles(
          source.samples, target, width, height, columns, rows, clip, tables.baseAddress)
      }
    }
  }

  /// The picture with one of many levels, chosen at random, added to each colour.
  func addingNoise(_ levels: [Int16], shared: Bool, seed: UInt32) -> Image {
    precondition(levels.count == Self.noiseLevels, "\(levels.count) levels of noise")
    return making {
      pixels_add_noise(
        $0.samples, $1, width * height, channels, levels, shared ? 1 : 0, UInt64(seed))
    }
  }

  /// How many levels of noise there are to choose from.
  static var noiseLevels: Int { pixels_noise_levels }
}

/// A change to colours in 0…255; the result is clamped.
enum ColorChange: Equatable {
  /// Three rows of three weights and an addend.
  case matrix([Float])
  /// Turns of the hue, and what is added to saturation and value, 0…1.
  case hsv(hue: Float, saturation: Float, value: Float)

  fileprivate var adjustment: pixels_adjustment {
    var result = pixels_adjustment()
    let values: [Float]
    switch self {
    case .matrix(let matrix):
      precondition(matrix.count == 12, "a matrix of \(matrix.count) elements")
      result.kind = Int32(pixels_matrix.rawValue)
      values = matrix
    case .hsv(let hue, let saturation, let value):
      result.kind = Int32(pixels_hsv.rawValue)
      // Whole turns change nothing, and a forged record may hold more than an integer can count.
      values = [hue.isFinite ? hue.truncatingRemainder(dividingBy: 1) : 0, saturation, value]
    }
    withUnsafeMutableBytes(of: &result.values) { bytes in
      values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    return result
  }
}

extension Border {
  fileprivate var code: UInt32 {
    switch self {
    case .fill: pixels_border_fill.rawValue
    case .edge: pixels_border_edge.rawValue
    case .reflect: pixels_border_reflect.rawValue
    }
  }
}

/// Some lines of complex numbers of one length, a power of two, side by side.
struct ComplexLines {
  /// How many lines.
  static let count = Int(pixels_lines)

  private let length: Int
  private var real: [Float]
  private var imaginary: [Float]

  /// Zeros.
  init(length: Int) {
    self.length = length
    real = [Float](repeating: 0, count: length * Self.count)
    imaginary = real
  }

  /// Makes all numbers 0.
  mutating func clear() { self = ComplexLines(length: length) }

  /// A number of a line.
  func number(_ place: Int, line: Int) -> (Float, Float) {
    (real[place * Self.count + line], imaginary[place * Self.count + line])
  }

  /// Sets a number of a line.
  mutating func set(_ place: Int, line: Int, _ real: Float, _ imaginary: Float) {
    self.real[place * Self.count + line] = real
    self.imaginary[place * Self.count + line] = imaginary
  }

  /// Multiplies the numbers of each line.
  mutating func multiply(by factors: Turns) {
    for place in 0..<length {
      let factor = factors[place]
      for at in place * Self.count..<(place + 1) * Self.count {
        let (x, y) = (real[at], imaginary[at])
        real[at] = x * factor.real - y * factor.imaginary
        imaginary[at] = x * factor.imaginary + y * factor.real
      }
    }
  }

  /// Becomes the Fourier transform, in the order of reversed bits.
  mutating func transform(by turns: Turns) {
    pixels_transform(&real, &imaginary, turns.real, turns.imaginary, length)
  }

  /// Becomes what was transformed, times the length.
  mutating func transformBack(by turns: Turns) {
    pixels_transform_back(&real, &imaginary, turns.real, turns.imaginary, length)
  }
}
