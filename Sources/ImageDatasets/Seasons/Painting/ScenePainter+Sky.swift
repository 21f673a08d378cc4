extension ScenePainter {
  mutating func paintSky() {
    let sky = scene.sky, light = light, horizon = scene.horizon
    let noise = Noise(seed: sky.noise)
    let threshold = 0.72 - 0.42 * sky.cloudiness
    let glowColor = mix(light.horizon, Color.rgb(1.0, 0.98, 0.90), isWinter ? 0.35 : 0.5)
    let hidden = hidden(behindRidgesFrom: 0)
    let towardsSun = Point(sunSide * 0.16, -0.22)
    for row in canvas.rows(0, horizon + 0.03) {
      let y = canvas.y(row)
      let depth = clamped(y / horizon)
      let base = mix(light.zenith, light.horizon, depth * depth * (1.6 - 0.6 * depth))
      // Clouds lie in a plane overhead: they flatten towards the horizon.
      let stretch = 1 + 2.2 * depth
      let cover = (1 - smoothstep(0.72, 1, depth)) * 0.95
      for column in 0..<canvas.width where y < hidden[column] {
        let x = canvas.x(column)
        var color = base
        let offset = Point(x, y) - sky.sun
        let distance = (offset * offset).sum()
        color = mix(color, glowColor, 0.75 / (1 + distance * 42))
        if sky.showsSun {
          let edge = (0.026 - distance.squareRoot()) * canvas.scale
          color = mix(color, Color.rgb(1.0, 0.98, 0.90), clamped(edge * 0.35 + 0.5))
        }
        let px = x * 1.9 / sky.cloudSize * (0.6 + 0.4 * stretch)
        let py = y * 3.2 / sky.cloudSize * stretch
        let density = noise.fractal(px, py, octaves: 5)
        let opacity = smoothstep(threshold, threshold + 0.2, density) * cover
        if opacity > 0 {
          let ahead = noise.fractal(px + towardsSun.x, py + towardsSun.y, octaves: 3)
          let lit = clamped(0.72 + 2.6 * (density - ahead) - 0.5 * (density - threshold))
          color = mix(color, mix(light.cloud.shaded, light.cloud.lit, lit), opacity)
        }
        canvas[column, row] = color
      }
    }
  }
}
