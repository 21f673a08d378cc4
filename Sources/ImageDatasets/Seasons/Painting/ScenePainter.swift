import Images

/// Paints one season of a scene, from the sky to the foreground.
struct ScenePainter {
  let scene: SeasonsScene
  let season: Season
  let light: Light
  var canvas: Canvas
  /// Where the crest of each ridge runs, column by column.
  let crests: [[Float]]

  init(scene: SeasonsScene, season: Season, width: Int, height: Int) {
    self.scene = scene
    self.season = season
    light = scene.sky.light.in(season)
    let canvas = Canvas(pictureWidth: width, pictureHeight: height)
    crests = scene.ridges.map { ridge in
      let noise = Noise(seed: ridge.noise)
      return (0..<canvas.width).map { ridge.crest(atX: canvas.x($0), noise: noise) }
    }
    self.canvas = canvas
  }

  var isWinter: Bool { season == .winter }

  /// −1 where the sun stands left of the middle, else 1.
  var sunSide: Float { scene.sky.sun.x < 0 ? -1 : 1 }

  mutating func paint() -> Image {
    paintSky()
    for index in scene.ridges.indices { paintRidge(index) }
    paintGround()
    if let lake = scene.lake {
      let behind = scene.props.filter { $0.foot.y < lake.center.y }
      for prop in behind { paint(prop) }
      paint(lake)
      for prop in scene.props.dropFirst(behind.count) { paint(prop) }
    } else {
      for prop in scene.props { paint(prop) }
    }
    paintTufts()
    return canvas.picture()
  }

  private mutating func paint(_ prop: Prop) {
    // Nothing reaches farther sideways than its own height.
    guard abs(prop.foot.x) - prop.height < canvas.halfWidth else { return }
    switch prop.kind {
    case .conifer: paintConifer(prop, haze: 0)
    case .broadleaf, .birch: paintBroadleaf(prop)
    case .shrub: paintShrub(prop)
    case .rock: paintRock(prop)
    case .cabin: paintCabin(prop)
    }
  }

  /// Darkens the ground around the foot of something.
  mutating func castShadow(at foot: Point, width: Float, strength: Float) {
    let tint = isWinter ? Color.rgb(0.70, 0.79, 0.92) : Color.rgb(0.50, 0.56, 0.56)
    let center = foot + Point(-sunSide * width * 0.35, width * 0.05)
    canvas.softEllipse(
      center: center, radii: Point(width, width * 0.28 + 0.5 / canvas.scale), opacity: strength
    ) { $0 * tint }
  }
}
