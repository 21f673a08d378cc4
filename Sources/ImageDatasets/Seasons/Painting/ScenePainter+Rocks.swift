extension ScenePainter {
  /// A boulder, in winter under a cap of snow.
  mutating func paintRock(_ rock: Prop) {
    let noise = Noise(seed: UInt32(truncatingIfNeeded: rock.seed))
    let height = rock.height, width = height * (0.8 + 0.7 * noise.value(0.5, 0.5))
    castShadow(at: rock.foot, width: width * 1.35, strength: 0.8)
    let stone = mix(Color.rgb(0.42, 0.41, 0.40), Color.rgb(0.58, 0.55, 0.51), noise.value(2.5, 0.5))
    let snow = Color.rgb(0.94, 0.96, 0.99)
    for row in canvas.rows(rock.foot.y - height, rock.foot.y + height * 0.12) {
      for column in canvas.columns(rock.foot.x - width, rock.foot.x + width) {
        let across = (canvas.x(column) - rock.foot.x) / width
        let up = (rock.foot.y - canvas.y(row)) / height
        let outline = 1 - across * across
        let crest = outline.squareRoot() * (0.72 + 0.28 * noise.value(across * 3 + 9, 1.5))
        let low = -0.1 * outline
        let coverage = clamped(min(crest - up, up - low) * height * canvas.scale + 0.5)
        guard outline > 0, coverage > 0 else { continue }
        let facet = noise.fractal(across * 3 + 30, up * 3, octaves: 3)
        let lit = clamped(0.2 + 0.5 * up + 0.4 * across * sunSide + 0.9 * (facet - 0.5))
        var surface = stone * (0.85 + 0.3 * facet)
        if isWinter {
          let cap = smoothstep(0.50, 0.34, crest - up + 0.3 * (facet - 0.5))
          surface = mix(surface, snow, cap)
        }
        let amount = isWinter ? max(lit, 0.45) : lit
        canvas.lay(light.on(surface, amount: amount), over: column, row, opacity: coverage)
      }
    }
  }
}
