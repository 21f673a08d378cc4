import Images

/// The colours of a picture in floats, 0…1, while they are being changed.
struct ColorPlane {
  private let isGrey: Bool
  private var pixels: [SIMD3<Float>]

  /// Takes the colours of a picture; grey counts as three equal channels.
  init(_ image: Image) {
    isGrey = image.channels < 3
    let step = image.channels, second = isGrey ? 0 : 1, third = isGrey ? 0 : 2
    pixels = stride(from: 0, to: image.samples.count, by: step).map { start in
      SIMD3(
        Float(image.samples[start]), Float(image.samples[start + second]),
        Float(image.samples[start + third])) / 255
    }
  }

  /// Makes one change; levels stay in 0…1.
  mutating func adjust(_ adjustment: ColorJitter.Adjustment) {
    switch adjustment {
    case .brightness(let factor): change { $0 * factor }
    case .contrast(let factor):
      let mean = Float(
        pixels.reduce(Double(0)) { $0 + Double(Self.grey($1)) } / Double(pixels.count))
      change { ($0 - mean) * factor + mean }
    case .saturation(let factor):
      guard !isGrey else { return }
      change { pixel in
        let grey = SIMD3(repeating: Self.grey(pixel))
        return (pixel - grey) * factor + grey
      }
    case .hue(let turn):
      guard !isGrey else { return }
      change { Self.turned($0, by: turn) }
    }
  }

  /// The picture with its colours replaced by these.
  func written(into image: Image) -> Image {
    var image = image
    let step = image.channels
    for (index, pixel) in pixels.enumerated() {
      let levels = pixel * 255 + 0.5
      for channel in 0..<(isGrey ? 1 : 3) {
        image.samples[index * step + channel] = UInt8(levels[channel])
      }
    }
    return image
  }

  private mutating func change(_ body: (SIMD3<Float>) -> SIMD3<Float>) {
    for index in pixels.indices {
      pixels[index] = body(pixels[index]).clamped(lowerBound: .zero, upperBound: .one)
    }
  }

  /// Grey by the weights of BT.601.
  private static func grey(_ pixel: SIMD3<Float>) -> Float {
    0.299 * pixel.x + 0.587 * pixel.y + 0.114 * pixel.z
  }

  /// Turns the hue in the HSV model; value and saturation stay.
  private static func turned(_ pixel: SIMD3<Float>, by turn: Float) -> SIMD3<Float> {
    let highest = pixel.max(), chroma = highest - pixel.min()
    guard chroma > 0 else { return pixel }
    let sextant: Float
    if highest == pixel.x {
      sextant = (pixel.y - pixel.z) / chroma
    } else if highest == pixel.y {
      sextant = (pixel.z - pixel.x) / chroma + 2
    } else {
      sextant = (pixel.x - pixel.y) / chroma + 4
    }
    // Each channel falls linearly from the value by up to the chroma, with its own phase.
    func channel(_ phase: Float) -> Float {
      var place = sextant + 6 * turn + phase
      place -= 6 * (place / 6).rounded(.down)
      return highest - chroma * min(max(min(place, 4 - place), 0), 1)
    }
    return SIMD3(channel(5), channel(3), channel(1))
  }
}
