import Tensors

extension ScenePainter {
  mutating func paintGround() {
    let ground = scene.ground, horizon = scene.horizon
    let noise = Noise(seed: ground.noise)
    let edges = (0..<canvas.width).map {
      horizon + 0.014 * (noise.fractal(canvas.x($0) * 3, 5.5, octaves: 3) - 0.5)
    }
    for row in canvas.rows(horizon - 0.01, 1) {
      let y = canvas.y(row)
      let nearness = clamped((y - horizon) / (1 - horizon))
      let distance = 1 / (nearness + 0.09)
      let course = scene.path?.course(at: nearness)
      let haze = scene.sky.haze * 0.22 * (1 - nearness) * (1 - nearness)
      for column in 0..<canvas.width {
        let coverage = clamped((y - edges[column]) * canvas.scale + 0.5)
        guard coverage > 0 else { continue }
        let x = canvas.x(column)
        let px = x * distance * 1.5, py = distance * 2.2
        let form = noise.fractal(px, py, octaves: 4)
        let ahead = noise.fractal(px + sunSide * 0.25, py + 0.25, octaves: 3)
        let lit = clamped(0.68 + 2.1 * ground.relief * (form - ahead))
        let blades = noise.value(px * 23, py * 17)
        var surface = cover(form: form, blades: blades)
        if let course { tread(&surface, course, x: x, nearness: nearness, blades: blades) }
        var color = light.on(surface, amount: isWinter ? 0.2 + 0.8 * lit : lit)
        color = mix(color, light.horizon, haze)
        canvas.lay(color, over: column, row, opacity: coverage)
      }
    }
  }

  private func cover(form: Float, blades: Float) -> Color {
    if isWinter {
      return mix(Color.rgb(0.90, 0.93, 0.98), Color.rgb(0.97, 0.98, 0.99), blades)
    }
    let grass = grass(smoothstep(0.2, 0.8, form)) * (0.84 + 0.32 * blades)
    guard scene.ground.flowers > 0 else { return grass }
    let bloom = smoothstep(0.86, 0.94, blades) * smoothstep(0.62, 0.42, form)
    return mix(grass, Self.flowers[scene.ground.flowerColor], bloom * scene.ground.flowers)
  }

  private static let flowers: [Color] = [
    .rgb(0.93, 0.83, 0.28), .rgb(0.93, 0.93, 0.90), .rgb(0.80, 0.42, 0.50), .rgb(0.62, 0.50, 0.80),
  ]

  private func tread(
    _ surface: inout Color, _ course: (middle: Float, halfWidth: Float), x: Float,
    nearness: Float, blades: Float
  ) {
    let ragged = (blades - 0.5) * 0.35 * course.halfWidth
    let inside = (course.halfWidth - abs(x - course.middle) + ragged) / course.halfWidth
    let strength = smoothstep(-0.08, 0.3, inside)
    let earth =
      isWinter
      ? mix(Color.rgb(0.70, 0.70, 0.72), Color.rgb(0.80, 0.81, 0.84), blades)
      : mix(Color.rgb(0.60, 0.50, 0.36), Color.rgb(0.74, 0.65, 0.49), blades)
    surface = mix(surface, earth, strength)
  }

  /// Tall grass in the foreground; in winter a few dry stalks of it look out of the snow.
  mutating func paintTufts() {
    var random = SeededRandom(seed: UInt64(scene.ground.noise), purpose: "tufts")
    for _ in 0..<scene.ground.tufts * 2 {
      let nearness = random.uniform(in: 0.2...1.05)
      let foot = Point(random.uniform(in: -1...1), mix(scene.horizon, 1, nearness))
      let height = (0.012 + 0.05 * nearness) * random.uniform(in: 0.5...1.2)
      let tone = random.uniform()
      let onPath = scene.path.map {
        let course = $0.course(at: min(nearness, 1))
        return abs(foot.x - course.middle) < course.halfWidth * 1.2
      }
      let covered = onPath == true || scene.lake?.covers(foot, margin: 0.01) == true
      let blades = (0..<6).map { _ in
        (base: random.uniform(in: -0.35...0.35), lean: random.uniform(in: -0.5...0.5))
      }
      guard !covered, abs(foot.x) - height < canvas.halfWidth else { continue }
      let surface =
        isWinter ? Color.rgb(0.62, 0.54, 0.40) : grass(tone) * (0.70 + 0.35 * tone)
      for blade in blades {
        let base = foot + Point(blade.base * height, 0)
        canvas.stroke(
          from: base, to: base + Point(blade.lean, -1) * (isWinter ? height * 0.6 : height),
          width: height * 0.09, endWidth: height * 0.02, color: light.on(surface, amount: 0.75),
          opacity: isWinter ? 0.55 : 0.9)
      }
    }
  }
}
