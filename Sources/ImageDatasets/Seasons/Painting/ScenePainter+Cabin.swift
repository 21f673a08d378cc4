extension ScenePainter {
  /// A log cabin seen from a corner: gable, long side, roof, chimney.
  mutating func paintCabin(_ cabin: Prop) {
    let noise = Noise(seed: UInt32(truncatingIfNeeded: cabin.seed))
    let size = cabin.height
    let side: Float = noise.value(0.5, 0.5) < 0.5 ? 1 : -1
    let wall = size * 0.48, ridge = size * 0.46, gable = size * 0.66, length = size * 0.9
    let lift = size * 0.07
    func at(_ across: Float, _ up: Float, _ back: Float = 0) -> Point {
      cabin.foot + Point(side * (across + back * length), -up - back * lift)
    }
    castShadow(at: cabin.foot + Point(side * size * 0.5, 0), width: size * 1.1, strength: 0.8)
    let tone = noise.value(1.5, 0.5)
    let wood = mix(Color.rgb(0.36, 0.23, 0.15), Color.rgb(0.55, 0.38, 0.25), tone)
    let boards = size * 0.055
    func logs(_ point: Point, amount: Float) -> Color {
      let course = (cabin.foot.y - point.y) / boards
      let seam = course - course.rounded(.down) < 0.22 ? Float(0.72) : 1
      return light.on(wood * seam, amount: amount)
    }
    let front: Float = side == sunSide ? 0.35 : 0.8, flank = 1.1 - front
    canvas.fill([at(gable, 0), at(gable, 0, 1), at(gable, wall, 1), at(gable, wall)]) {
      logs($0, amount: flank)
    }
    canvas.fill([at(0, 0), at(gable, 0), at(gable, wall), at(0, wall)]) { logs($0, amount: front) }
    canvas.fill([at(0, wall), at(gable, wall), at(gable / 2, wall + ridge)]) {
      logs($0, amount: front)
    }
    paintOpenings(front: (at(gable * 0.36, 0), at(gable * 0.64, wall * 0.72)), amount: front)
    paintPane(from: at(gable, wall * 0.4, 0.35), to: at(gable, wall * 0.78, 0.6))
    paintPane(from: at(gable * 0.40, wall + ridge * 0.2), to: at(gable * 0.60, wall + ridge * 0.5))
    paintRoof(
      eaves: (
        at(gable * 1.14, wall - ridge * 0.22, -0.06), at(gable * 1.14, wall - ridge * 0.22, 1.06)
      ),
      top: (at(gable / 2, wall + ridge, -0.06), at(gable / 2, wall + ridge, 1.06)),
      gableEnd: at(-gable * 0.14, wall - ridge * 0.22, -0.06), tone: tone, size: size, amount: flank
    )
    paintChimney(at: at(gable * 0.72, wall + ridge * 0.62, 0.62), size: size, noise)
  }

  private mutating func paintOpenings(front door: (Point, Point), amount: Float) {
    let (a, b) = door
    let wood = light.on(.rgb(0.24, 0.15, 0.10), amount: amount)
    canvas.fill([a, Point(b.x, a.y), b, Point(a.x, b.y)]) { _ in wood }
  }

  private mutating func paintPane(from a: Point, to b: Point) {
    let glass =
      isWinter ? Color.rgb(0.98, 0.80, 0.45) : mix(light.horizon, .rgb(0.2, 0.25, 0.3), 0.6)
    canvas.fill([a, Point(b.x, a.y), b, Point(a.x, b.y)]) { _ in glass }
  }

  private mutating func paintRoof(
    eaves: (Point, Point), top: (Point, Point), gableEnd: Point, tone: Float, size: Float,
    amount: Float
  ) {
    let tiles = mix(Color.rgb(0.50, 0.22, 0.16), Color.rgb(0.38, 0.36, 0.36), tone > 0.5 ? 1 : 0)
    let snow = Color.rgb(0.94, 0.96, 0.99)
    let thickness = Point(0, size * (isWinter ? 0.075 : 0.03))
    let cover = light.on(isWinter ? snow : tiles, amount: isWinter ? 0.35 + 0.6 * amount : amount)
    let edge = light.on(isWinter ? snow * 0.93 : tiles * 0.6, amount: 0.3)
    canvas.fill([gableEnd, top.0, top.0 - thickness, gableEnd - thickness]) { _ in edge }
    canvas.fill([eaves.0, eaves.1, top.1, top.0]) { _ in cover }
    canvas.fill([eaves.0, eaves.0 - thickness, top.0 - thickness, top.0]) { _ in edge }
    canvas.fill([
      eaves.0 - thickness, eaves.1 - thickness, top.1 - thickness, top.0 - thickness,
    ]) { _ in cover }
    canvas.fill([eaves.0, eaves.1, eaves.1 - thickness, eaves.0 - thickness]) { _ in edge }
  }

  private mutating func paintChimney(at foot: Point, size: Float, _ noise: Noise) {
    let half = size * 0.05, height = size * 0.26
    let stone = light.on(.rgb(0.46, 0.41, 0.38), amount: 0.6)
    let top = foot.y - height
    canvas.fill([
      Point(foot.x - half, foot.y), Point(foot.x + half, foot.y), Point(foot.x + half, top),
      Point(foot.x - half, top),
    ]) { _ in stone }
    guard isWinter else { return }
    let snow = light.on(.rgb(0.95, 0.97, 0.99), amount: 0.8)
    canvas.stroke(
      from: Point(foot.x - half, top), to: Point(foot.x + half, top), width: size * 0.04,
      endWidth: size * 0.04, color: snow)
    let smoke = mix(light.horizon, .rgb(0.93, 0.93, 0.95), 0.5)
    for puff in 0..<9 {
      let rise = Float(puff) / 8
      let sway = (noise.value(rise * 3 + 8, 4.5) - 0.5) * 0.5 + 0.25 * rise
      let radius = size * (0.05 + 0.10 * rise)
      canvas.softEllipse(
        center: Point(foot.x + sway * size * rise * 1.2, top - size * (0.06 + 0.85 * rise)),
        radii: Point(radius, radius * 1.3), opacity: 0.75 * (1 - 0.75 * rise)
      ) { _ in smoke }
    }
  }
}
