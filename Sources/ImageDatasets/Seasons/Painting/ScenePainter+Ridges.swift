import Tensors

extension Ridge {
  /// The crest above a position.
  func crest(atX x: Float, noise: Noise) -> Float {
    switch cover {
    case .rock:
      let broad = 0.55 + 0.9 * noise.fractal(x * frequency * 0.6 + 40, 3.5, octaves: 2)
      return foot - rise
        * (0.25 + 0.75 * noise.crests(x * frequency + 60, octaves: 6) * broad * 1.5)
    case .forest, .meadow:
      return foot - rise * (0.15 + 0.85 * noise.fractal(x * frequency + 60, 1.5, octaves: 3))
    }
  }
}

extension ScenePainter {
  /// Below which height, column by column, the ridges from a number on hide what is behind them.
  func hidden(behindRidgesFrom first: Int) -> [Float] {
    crests[first...].reduce([Float](repeating: 1, count: canvas.width)) { lowest, crests in
      zip(lowest, crests).map { min($0, $1 + 1 / canvas.scale) }
    }
  }

  mutating func paintRidge(_ index: Int) {
    let ridge = scene.ridges[index], crests = crests[index]
    let noise = Noise(seed: ridge.noise)
    let hidden = hidden(behindRidgesFrom: index + 1)
    let haze = scene.sky.haze * (0.12 + 0.55 * ridge.distance)
    for row in canvas.rows((crests.min() ?? 0) - 0.01, ridge.foot + 0.03) {
      let y = canvas.y(row)
      for column in 0..<canvas.width {
        let coverage = clamped((y - crests[column]) * canvas.scale + 0.5)
        guard coverage > 0, y < hidden[column] else { continue }
        let surface =
          ridge.cover == .rock
          ? rock(ridge, noise, at: Point(canvas.x(column), y), crest: crests[column])
          : hillside(ridge, noise, at: Point(canvas.x(column), y))
        let low = clamped((y - crests[column]) / ridge.rise)
        let color = mix(surface, light.horizon, haze * (0.75 + 0.25 * low))
        canvas.lay(color, over: column, row, opacity: coverage)
      }
    }
    if ridge.cover != .rock { plantTrees(on: ridge, noise) }
  }

  /// A bare slope: rock and, high up or in winter, snow.
  private func rock(_ ridge: Ridge, _ noise: Noise, at point: Point, crest: Float) -> Color {
    let below = (point.y - crest) / ridge.rise
    let altitude = (ridge.foot - point.y) / ridge.rise
    // Spurs run down from the crest, slantwise; their flanks face the sun or turn away from it.
    let px = point.x * 8 * ridge.frequency + 40, py = below * 2.2 + 11
    let bend = noise.value(px * 0.6, py * 1.5) - 0.5
    let form = noise.spurs(px + bend * 0.7, py)
    let ahead = noise.spurs(px + bend * 0.7 + sunSide * 0.22, py - 0.12)
    let grain = noise.fractal(px * 4, py * 9, octaves: 3)
    let lit = clamped(0.52 + 1.5 * (form - ahead) + 0.9 * (grain - 0.5))
    let bare = mix(Color.rgb(0.38, 0.38, 0.41), Color.rgb(0.55, 0.52, 0.50), grain)
    let snow = Color.rgb(0.94, 0.96, 0.99)
    if isWinter {
      // The flanks that turn away from the sun are the steep ones, where snow finds no hold.
      let steep = ahead - form + 0.75 * (grain - 0.5) - 0.06 * (altitude - 0.5)
      let exposed = smoothstep(0.05, 0.24, steep)
      return light.on(mix(snow, bare, 0.8 * exposed), amount: 0.15 + 0.85 * lit)
    }
    let green = mix(Color.rgb(0.27, 0.38, 0.22), Color.rgb(0.42, 0.48, 0.28), grain)
    let growth = smoothstep(0.62, 0.25, altitude + 0.6 * (grain - 0.5))
    let cap = smoothstep(0.82, 1.08, altitude + 0.8 * (0.5 - grain)) * 0.9
    return light.on(mix(mix(bare, green, growth), snow, cap), amount: lit)
  }

  /// The floor of a wood, or a meadow on a hill.
  private func hillside(_ ridge: Ridge, _ noise: Noise, at point: Point) -> Color {
    let form = noise.fractal(point.x * 5, point.y * 14, octaves: 4)
    let ahead = noise.fractal(point.x * 5 + sunSide * 0.3, point.y * 14 - 0.3, octaves: 3)
    let lit = clamped(0.62 + 1.8 * (form - ahead))
    if isWinter {
      let cover: Float = ridge.cover == .forest ? 0.86 : 1
      let snow = mix(Color.rgb(0.55, 0.55, 0.56), Color.rgb(0.93, 0.95, 0.98), cover)
      return light.on(snow, amount: 0.25 + 0.75 * lit)
    }
    if ridge.cover == .meadow { return light.on(grass(form), amount: lit) }
    return light.on(
      mix(Color.rgb(0.22, 0.32, 0.15), Color.rgb(0.34, 0.44, 0.20), form), amount: lit)
  }

  /// The colour of grass, by a field in 0…1 that makes it patchy.
  func grass(_ patch: Float) -> Color {
    let lush = mix(Color.rgb(0.27, 0.43, 0.14), Color.rgb(0.50, 0.62, 0.24), patch)
    let dry = mix(Color.rgb(0.50, 0.50, 0.22), Color.rgb(0.72, 0.66, 0.36), patch)
    return mix(lush, dry, scene.ground.dryness)
  }

  private mutating func plantTrees(on ridge: Ridge, _ noise: Noise) {
    var random = SeededRandom(seed: UInt64(ridge.noise), purpose: "ridge trees")
    let reach: Float = 1.1
    var trees: [(prop: Prop, conifer: Bool)] = []
    for _ in 0..<Int(ridge.density * 2 * reach) {
      let x = random.uniform(in: -reach...reach), down = random.uniform()
      let size = (0.020 + 0.030 * (1 - ridge.distance)) * random.uniform(in: 0.7...1.3)
      let seed = random.next()
      let crest = ridge.crest(atX: x, noise: noise)
      let foot = Point(x, mix(crest, ridge.foot, down) + 0.006)
      let patch = noise.fractal(x * 3.5, foot.y * 9 + 30, octaves: 2)
      // Woods have edges and clearings.
      guard noise.fractal(x * 2.5 + 9, foot.y * 7, octaves: 2) > 0.36 else { continue }
      let prop = Prop(kind: .conifer, foot: foot, height: size * (0.8 + 0.5 * down), seed: seed)
      trees.append((prop, patch < 0.25 + 0.5 * ridge.conifers))
    }
    let haze = scene.sky.haze * (0.10 + 0.5 * ridge.distance)
    for (tree, conifer) in trees.sorted(by: { $0.prop.foot.y < $1.prop.foot.y })
    where abs(tree.foot.x) - tree.height < canvas.halfWidth {
      if conifer { paintConifer(tree, haze: haze) } else { paintDistantBroadleaf(tree, haze: haze) }
    }
  }
}
