import Tensors

/// The light of a scene: what the sky looks like and how lit and shaded surfaces are tinted.
struct Light {
  /// Sky overhead.
  var zenith: Color
  /// Sky at the horizon; also the colour of haze.
  var horizon: Color
  /// Factor on surfaces in the sun.
  var sun: Color
  /// Factor on surfaces in the shade.
  var shade: Color
  /// Lit and shaded sides of clouds.
  var cloud: (lit: Color, shaded: Color)

  /// Draws one of the times of day, and varies it.
  init(random: inout SeededRandom) {
    let moods = [Self.noon, Self.noon, Self.morning, Self.evening, Self.overcast, Self.deepBlue]
    self = moods[random.integer(below: moods.count)]
    let warmth = random.uniform(in: -0.05...0.05), brightness = random.uniform(in: 0.93...1.06)
    let tint = Color(1 + warmth, 1, 1 - warmth) * brightness
    zenith *= tint
    horizon *= tint
    sun *= tint
    shade *= brightness
  }

  /// The same time of day in a season: winter light is paler and colder.
  func `in`(_ season: Season) -> Light {
    guard season == .winter else { return self }
    var light = self
    light.zenith = mix(zenith.desaturated(by: 0.35), .rgb(0.70, 0.79, 0.90), 0.38)
    light.horizon = mix(horizon.desaturated(by: 0.25), .rgb(0.86, 0.89, 0.94), 0.35)
    light.sun = mix(sun, .rgb(0.97, 0.98, 1.02), 0.55)
    light.shade = mix(shade, .rgb(0.58, 0.68, 0.84), 0.6)
    light.cloud.lit = mix(cloud.lit, .rgb(0.90, 0.92, 0.95), 0.5)
    light.cloud.shaded = mix(cloud.shaded, .rgb(0.70, 0.75, 0.82), 0.5)
    return light
  }

  /// A surface as it looks when it gets so much light, from 0 (shade) to 1 (full sun).
  @inline(__always)
  func on(_ surface: Color, amount: Float) -> Color { surface * mix(shade, sun, amount) }

  private init(
    zenith: Color, horizon: Color, sun: Color, shade: Color, cloud: (lit: Color, shaded: Color)
  ) {
    self.zenith = zenith
    self.horizon = horizon
    self.sun = sun
    self.shade = shade
    self.cloud = cloud
  }

  private static let noon = Light(
    zenith: .rgb(0.25, 0.48, 0.80), horizon: .rgb(0.72, 0.85, 0.94), sun: .rgb(1.08, 1.04, 0.95),
    shade: .rgb(0.50, 0.58, 0.66), cloud: (.rgb(1.0, 1.0, 0.99), .rgb(0.72, 0.78, 0.86)))

  private static let morning = Light(
    zenith: .rgb(0.44, 0.57, 0.78), horizon: .rgb(0.97, 0.85, 0.78), sun: .rgb(1.08, 0.98, 0.87),
    shade: .rgb(0.54, 0.55, 0.66), cloud: (.rgb(1.0, 0.93, 0.88), .rgb(0.72, 0.68, 0.76)))

  private static let evening = Light(
    zenith: .rgb(0.36, 0.43, 0.66), horizon: .rgb(1.0, 0.77, 0.54), sun: .rgb(1.13, 0.93, 0.70),
    shade: .rgb(0.47, 0.45, 0.57), cloud: (.rgb(1.0, 0.82, 0.66), .rgb(0.62, 0.54, 0.64)))

  private static let overcast = Light(
    zenith: .rgb(0.60, 0.66, 0.73), horizon: .rgb(0.84, 0.87, 0.89), sun: .rgb(0.93, 0.94, 0.95),
    shade: .rgb(0.66, 0.69, 0.73), cloud: (.rgb(0.92, 0.93, 0.94), .rgb(0.64, 0.68, 0.73)))

  private static let deepBlue = Light(
    zenith: .rgb(0.15, 0.33, 0.66), horizon: .rgb(0.62, 0.80, 0.93), sun: .rgb(1.06, 1.01, 0.92),
    shade: .rgb(0.46, 0.55, 0.67), cloud: (.rgb(1.0, 0.99, 0.97), .rgb(0.66, 0.74, 0.85)))
}
