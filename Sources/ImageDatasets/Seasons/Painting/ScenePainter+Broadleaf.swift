extension ScenePainter {
  /// An oak or a birch: in summer a crown of leaf clusters, in winter the branches alone.
  mutating func paintBroadleaf(_ tree: Prop) {
    let skeleton = TreeSkeleton(tree)
    let noise = Noise(seed: UInt32(truncatingIfNeeded: tree.seed))
    castShadow(at: tree.foot, width: tree.height * 0.34, strength: isWinter ? 0.45 : 0.8)
    let bark =
      tree.kind == .birch ? Color.rgb(0.78, 0.76, 0.72) : Color.rgb(0.36, 0.29, 0.23)
    let twig = Color.rgb(0.36, 0.29, 0.26)
    if isWinter {
      paintTwigs(skeleton, color: light.on(mix(twig, .rgb(0.6, 0.54, 0.5), 0.35), amount: 0.55))
    }
    for branch in skeleton.branches {
      let stout = smoothstep(0.004, 0.012, branch.startWidth)
      let color = light.on(mix(twig, bark, tree.kind == .birch ? stout : 1), amount: 0.55)
      canvas.stroke(
        from: branch.start, to: branch.end, width: branch.startWidth, endWidth: branch.endWidth,
        color: color, opacity: isWinter ? 0.9 : 1)
      if isWinter { paintSnow(on: branch) }
    }
    if !isWinter {
      let leaves = foliage(of: tree, tone: noise.value(0.5, 0.5))
      for cluster in skeleton.clusters { paintLeaves(cluster, of: tree, leaves, noise) }
    }
  }

  /// A bush without a trunk.
  mutating func paintShrub(_ shrub: Prop) {
    let noise = Noise(seed: UInt32(truncatingIfNeeded: shrub.seed))
    let height = shrub.height * 0.3
    castShadow(at: shrub.foot, width: height * 1.3, strength: 0.7)
    let leaves = foliage(of: shrub, tone: noise.value(0.5, 0.5))
    for number in 0..<5 {
      let across = Float(number) / 4 - 0.5
      let radius = height * (0.42 + 0.2 * noise.value(Float(number) + 4.5, 0.5))
      let center = shrub.foot + Point(across * height * 1.5, -radius * 0.85)
      let cluster = TreeSkeleton.Cluster(
        center: center, radius: radius, tone: noise.value(Float(number) + 9.5, 0.5))
      if isWinter {
        paintLeaves(cluster, of: shrub, .rgb(0.44, 0.36, 0.31), noise, opacity: 0.7)
        let cap = TreeSkeleton.Cluster(
          center: center - Point(0, radius * 0.3), radius: radius * 0.85, tone: cluster.tone)
        paintLeaves(cap, of: shrub, .rgb(0.93, 0.95, 0.98), noise, opacity: 0.9)
      } else {
        paintLeaves(cluster, of: shrub, leaves, noise)
      }
    }
  }

  private func foliage(of tree: Prop, tone: Float) -> Color {
    switch tree.kind {
    case .birch: mix(Color.rgb(0.42, 0.55, 0.18), Color.rgb(0.58, 0.64, 0.26), tone)
    default: mix(Color.rgb(0.24, 0.41, 0.13), Color.rgb(0.42, 0.54, 0.19), tone)
    }
  }

  private mutating func paintLeaves(
    _ cluster: TreeSkeleton.Cluster, of tree: Prop, _ leaves: Color, _ noise: Noise,
    opacity: Float = 1
  ) {
    let radius = cluster.radius, center = cluster.center
    let crown = tree.foot - Point(0, tree.height * (tree.kind == .shrub ? 0.06 : 0.62))
    let grain = 9 / tree.height
    for row in canvas.rows(center.y - radius, center.y + radius) {
      for column in canvas.columns(center.x - radius, center.x + radius) {
        let point = Point(canvas.x(column), canvas.y(row))
        let offset = (point - center) / radius
        let square = (offset * offset).sum()
        guard square < 1 else { continue }
        let rough = noise.value(point.x * grain * 2.2 + 60, point.y * grain * 2.2 + 60)
        let leaf = noise.value(point.x * grain * 6 + 90, point.y * grain * 6 + 90)
        let inside = 1 - square.squareRoot() - 0.36 * rough - 0.16 * leaf
        let coverage = clamped(inside * radius * canvas.scale * 0.8 + 0.5)
        guard coverage > 0 else { continue }
        let place = (point - crown) / tree.height
        let lit = clamped(
          0.42 - 1.0 * place.y + 0.6 * sunSide * place.x - 0.25 * offset.y + 0.4 * (rough - 0.5)
            + 0.5 * (leaf - 0.5))
        let surface = leaves * (0.82 + 0.28 * cluster.tone)
        canvas.lay(
          light.on(surface, amount: lit), over: column, row, opacity: coverage * opacity)
      }
    }
  }

  /// Twigs too fine to draw one by one: a veil where the leaves were.
  private mutating func paintTwigs(_ skeleton: TreeSkeleton, color: Color) {
    for cluster in skeleton.clusters {
      canvas.softEllipse(
        center: cluster.center, radii: Point(repeating: cluster.radius), opacity: 0.20
      ) { _ in color }
    }
  }

  private mutating func paintSnow(on branch: TreeSkeleton.Branch) {
    let along = branch.end - branch.start
    // Snow stays on what is nearly level.
    let level = abs(along.x) / ((along * along).sum().squareRoot() + 1e-6)
    guard level > 0.45, branch.startWidth > 0.002 else { return }
    let lift = Point(0, -branch.endWidth * 0.45)
    canvas.stroke(
      from: branch.start + lift, to: branch.end + lift, width: branch.endWidth * 0.7,
      endWidth: branch.endWidth * 0.6, color: light.on(.rgb(0.95, 0.96, 0.98), amount: 0.85),
      opacity: 0.9)
  }
}
