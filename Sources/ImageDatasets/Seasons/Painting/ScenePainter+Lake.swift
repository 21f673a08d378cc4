extension ScenePainter {
  mutating func paint(_ lake: Lake) {
    let noise = Noise(seed: lake.noise)
    for column in 0..<canvas.width {
      let x = canvas.x(column)
      guard let shores = lake.shores(atX: x) else { continue }
      let beach = 0.006 + 0.012 * noise.value(x * 9, 2.5)
      for row in canvas.rows(shores.far - 0.004, shores.near + beach + 0.01) {
        let y = canvas.y(row)
        let inside = min(y - shores.far, shores.near - y)
        // The bank of the near shore is wider: it is closer.
        let margin = y > lake.center.y ? beach : Float(0.003)
        let bank = smoothstep(-margin, -margin * 0.4, inside)
        let shore = isWinter ? Color.rgb(0.78, 0.80, 0.84) : Color.rgb(0.58, 0.52, 0.40)
        canvas.lay(
          light.on(shore, amount: 0.6), over: column, row, opacity: bank * 0.85)
        let coverage = clamped(inside * canvas.scale + 0.5)
        guard coverage > 0 else { continue }
        let depth = (y - shores.far) / (shores.near - shores.far + 0.001)
        let surface =
          isWinter
          ? ice(lake, noise, at: Point(x, y), farShore: shores.far, depth: depth)
          : water(lake, noise, at: Point(x, y), farShore: shores.far, depth: depth)
        canvas.lay(surface, over: column, row, opacity: coverage)
      }
    }
  }

  /// What the water mirrors at a position: the canvas, upside down about the far shore.
  private func reflection(at point: Point, farShore: Float, shift: Point) -> Color {
    let mirrored = Point(point.x + shift.x, 2 * farShore - point.y + shift.y)
    let column = Int((mirrored.x + canvas.halfWidth) * canvas.scale)
    let row = Int(mirrored.y * canvas.scale)
    let lowest = Int(farShore * canvas.scale) - 1
    return canvas[min(max(column, 0), canvas.width - 1), min(max(row, 0), max(lowest, 0))]
  }

  private func water(
    _ lake: Lake, _ noise: Noise, at point: Point, farShore: Float, depth: Float
  ) -> Color {
    let nearness = point.y - scene.horizon + 0.04
    let waves = noise.fractal(point.x * 3 / nearness, 16 / nearness, octaves: 3) - 0.5
    let shift = Point(waves * 0.016, waves * 0.05) * (0.3 + depth)
    let mirrored = reflection(at: point, farShore: farShore, shift: shift)
    let deep = mix(Color.rgb(0.09, 0.22, 0.36), Color.rgb(0.12, 0.40, 0.44), lake.tint)
    let color = mix(mirrored * 0.92, light.on(deep, amount: 0.6), 0.22 + 0.42 * depth)
    return color + Color(repeating: 0.09 * waves)
  }

  private func ice(
    _ lake: Lake, _ noise: Noise, at point: Point, farShore: Float, depth: Float
  ) -> Color {
    let nearness = point.y - scene.horizon + 0.04
    let drifts = noise.fractal(point.x * 0.9 / nearness, 2 / nearness, octaves: 4)
    let mirrored = reflection(at: point, farShore: farShore, shift: .zero)
    let clear = mix(Color.rgb(0.66, 0.77, 0.85), Color.rgb(0.68, 0.82, 0.86), lake.tint)
    let bare = mix(light.on(clear, amount: 0.7), mirrored, 0.30)
    let snow = light.on(.rgb(0.92, 0.95, 0.98), amount: 0.75)
    return mix(bare, snow, 0.65 * smoothstep(0.5, 0.68, drifts))
  }
}
