import Tensors

/// The trunk, branches and leaf clusters of a broad-leaved tree: the same in both seasons.
struct TreeSkeleton {
  struct Branch {
    let start: Point, end: Point
    let startWidth: Float, endWidth: Float
  }

  struct Cluster {
    let center: Point
    let radius: Float
    let tone: Float
  }

  private(set) var branches: [Branch] = []
  private(set) var clusters: [Cluster] = []

  /// Grows the tree of a seed.
  init(_ tree: Prop) {
    var random = SeededRandom(seed: tree.seed, purpose: "branches")
    let slender = tree.kind == .birch
    let trunk = tree.height * (slender ? 0.36 : 0.28)
    let start = tree.foot
    let lean = Point(random.uniform(in: -0.06...0.06), -1)
    let fork = start + lean * trunk
    let width = tree.height * (slender ? 0.026 : 0.045) * random.uniform(in: 0.85...1.2)
    branches.append(Branch(start: start, end: fork, startWidth: width * 1.25, endWidth: width))
    grow(
      from: fork, direction: lean, length: tree.height * (slender ? 0.25 : 0.23), width: width,
      spread: slender ? 0.45 : 0.8, level: 0, tree: tree, random: &random)
    clusters.sort { $0.center.y > $1.center.y }
  }

  private mutating func grow(
    from start: Point, direction: Point, length: Float, width: Float, spread: Float, level: Int,
    tree: Prop, random: inout SeededRandom
  ) {
    // Levels by size in the picture: a far tree needs no twigs.
    let deepest = tree.height > 0.22 ? 4 : (tree.height > 0.1 ? 3 : 2)
    let count = level == 0 ? 3 : 2 + (random.chance(0.3) ? 1 : 0)
    for number in 0..<count {
      let fan = Float(number) / Float(count - 1) * 2 - 1
      let turn = spread * (fan + random.uniform(in: -0.3...0.3))
      let bent = direction + Point(-direction.y, direction.x) * turn + Point(0, -0.12)
      let heading = bent / (bent * bent).sum().squareRoot()
      let reach = length * random.uniform(in: 0.75...1.2)
      let end = start + heading * reach
      let thin = width * 0.62
      branches.append(Branch(start: start, end: end, startWidth: width * 0.8, endWidth: thin))
      if level >= 1 {
        clusters.append(
          Cluster(
            center: end, radius: tree.height * random.uniform(in: 0.075...0.12),
            tone: random.uniform()))
      }
      if level < deepest {
        grow(
          from: end, direction: heading, length: length * 0.72, width: thin,
          spread: spread, level: level + 1, tree: tree, random: &random)
      }
    }
  }
}
