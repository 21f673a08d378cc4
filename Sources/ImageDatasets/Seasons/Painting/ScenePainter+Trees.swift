import Tensors

extension ScenePainter {
  /// A fir: tiers of drooping boughs, in winter with snow on each.
  mutating func paintConifer(_ tree: Prop, haze: Float) {
    let noise = Noise(seed: UInt32(truncatingIfNeeded: tree.seed))
    let height = tree.height, foot = tree.foot
    let slender = 0.15 + 0.09 * noise.value(0.5, 0.5)
    let tiers = 5 + 4 * noise.value(3.5, 0.5)
    let tone = noise.value(7.5, 0.5)
    let trunk = height * 0.07
    if height > 0.05 {
      castShadow(at: foot, width: height * slender * 1.5, strength: 0.75)
      canvas.stroke(
        from: foot, to: foot - Point(0, height * 0.5), width: height * 0.035,
        endWidth: height * 0.02, color: light.on(.rgb(0.32, 0.25, 0.19), amount: 0.4))
    }
    let green = mix(Color.rgb(0.09, 0.20, 0.13), Color.rgb(0.17, 0.30, 0.16), tone)
    let snow = Color.rgb(0.93, 0.95, 0.98)
    let light = light, isWinter = isWinter, side = sunSide, air = light.horizon
    let top = foot.y - height, boughs = height - trunk
    for row in canvas.rows(top, foot.y - trunk) {
      let down = (canvas.y(row) - top) / boughs
      let reach = height * slender * (0.06 + 0.94 * down)
      for column in canvas.columns(foot.x - reach - 0.003, foot.x + reach + 0.003) {
        let offset = canvas.x(column) - foot.x
        let across = abs(offset) / reach
        let ragged = noise.value(offset / height * 34 + 50, down * 30)
        // Boughs droop: towards their tips the same tier lies lower.
        let tier = tiers * (down * (1.35 - 0.35 * down)) - 0.55 * across + 0.35 * (ragged - 0.5)
        let phase = tier - tier.rounded(.down)
        let limit = reach * (0.58 + 0.42 * phase) * (0.82 + 0.36 * ragged)
        let coverage = clamped((limit - abs(offset)) * canvas.scale + 0.5)
        guard coverage > 0 else { continue }
        let lit = clamped(0.12 + 0.5 * phase + 0.4 * side * offset / reach)
        var surface = green * (0.8 + 0.45 * ragged)
        if isWinter {
          let load = smoothstep(0.18, 0.4, phase) * smoothstep(0.98, 0.74, phase)
          surface = mix(surface, snow, load * (0.42 + 0.5 * ragged))
        }
        let color = mix(light.on(surface, amount: lit), air, haze)
        canvas.lay(color, over: column, row, opacity: coverage)
      }
    }
  }

  /// A broad-leaved tree on a far hill: a crown of foliage, in winter a haze of twigs.
  mutating func paintDistantBroadleaf(_ tree: Prop, haze: Float) {
    let noise = Noise(seed: UInt32(truncatingIfNeeded: tree.seed))
    let tone = noise.value(0.5, 0.5), height = tree.height * 0.85
    let radii = Point(height * (0.36 + 0.14 * noise.value(2.5, 0.5)), height * 0.44)
    let center = tree.foot - Point(0, height - radii.y)
    let leaves = mix(Color.rgb(0.24, 0.40, 0.13), Color.rgb(0.46, 0.56, 0.20), tone)
    let twigs = mix(Color.rgb(0.42, 0.38, 0.36), Color.rgb(0.54, 0.49, 0.45), tone)
    let air = light.horizon
    for row in canvas.rows(center.y - radii.y, tree.foot.y) {
      for column in canvas.columns(center.x - radii.x, center.x + radii.x) {
        let offset = (Point(canvas.x(column), canvas.y(row)) - center) / radii
        let rough = noise.value(offset.x * 3 + 20, offset.y * 3 + 20)
        let inside = 1.05 - 0.35 * rough - (offset * offset).sum().squareRoot()
        let coverage = clamped(inside * radii.y * canvas.scale + 0.5)
        guard coverage > 0 else { continue }
        let lit = clamped(0.55 - 0.45 * offset.y + 0.25 * sunSide * offset.x + 0.3 * (rough - 0.5))
        let color = mix(light.on(isWinter ? twigs : leaves, amount: lit), air, haze)
        canvas.lay(color, over: column, row, opacity: isWinter ? 0.58 * coverage : coverage)
      }
    }
    let foot = tree.foot
    canvas.stroke(
      from: foot, to: center, width: height * 0.07, endWidth: height * 0.04,
      color: mix(light.on(.rgb(0.34, 0.28, 0.24), amount: 0.4), air, haze),
      opacity: isWinter ? 0.8 : 0.25)
  }
}
