import Tensors

/// One picture on its way through a pipeline.
struct PipelineRun {
  private(set) var picture: AnnotatedImage
  private(set) var applied: [AppliedOperation] = []
  private let key: Pipeline.Key
  private let records: Bool

  init(_ picture: AnnotatedImage, key: Pipeline.Key, records: Bool) {
    self.picture = picture
    self.key = key
    self.records = records
    self.picture.normalizeLabels()
  }

  /// Applies all steps, then the rules for boxes.
  mutating func perform(
    _ steps: [PipelineNode], rules: BoxRules
  ) throws(AugmentationError) {
    for (place, step) in steps.enumerated() { try perform(step, at: "\(place)") }
    picture.boxes.removeAll { !rules.keeps($0) }
  }

  private mutating func perform(
    _ step: PipelineNode, at place: String, surely: Bool = false
  ) throws(AugmentationError) {
    if step.probability == 0 && !surely { return }
    let purpose = RandomPurpose("augment \(key.stream) \(place) \(step.name)")
    var random = SeededRandom(
      seed: key.seed, epoch: key.epoch, index: key.index, purpose: purpose)
    let isChosen = random.chance(step.probability)
    guard isChosen || surely else { return }
    switch step.kind {
    case .operation(let operation): try perform(operation, using: &random)
    case .group(let group, let steps): try perform(group, steps, at: place, using: &random)
    }
  }

  private mutating func perform(
    _ operation: some ImageOperation, using random: inout SeededRandom
  ) throws(AugmentationError) {
    let drawn = try operation.draw(for: picture.size, using: &random)
    try operation.apply(drawn, to: &picture)
    if records { applied.append(AppliedOperation(operation, drawn)) }
  }

  private mutating func perform(
    _ group: PipelineNode.Group, _ steps: [PipelineNode], at place: String,
    using random: inout SeededRandom
  ) throws(AugmentationError) {
    let chosen: [Int]
    switch group {
    case .sequential: chosen = Array(steps.indices)
    case .randomOrder: chosen = random.permutation(of: steps.count)
    case .oneOf: chosen = random.choices(1, weights: steps.map(\.probability))
    case .someOf(let counts):
      let count = counts.lowerBound + random.integer(below: counts.count)
      chosen = random.choices(count, weights: steps.map(\.probability)).sorted()
    }
    let isChoice =
      switch group {
      case .oneOf, .someOf: true
      case .sequential, .randomOrder: false
      }
    for index in chosen { try perform(steps[index], at: "\(place).\(index)", surely: isChoice) }
  }
}

extension SeededRandom {
  /// Different indices of weights, each drawn in proportion to its weight; never one of weight 0.
  mutating func choices(_ count: Int, weights: [Float]) -> [Int] {
    var left = weights
    var chosen: [Int] = []
    while chosen.count < count {
      let sum = left.reduce(0, +)
      guard sum > 0 else { break }
      var place = uniform() * sum
      let candidates = left.indices.filter { left[$0] > 0 }
      let index =
        candidates.first {
          place -= left[$0]
          return place < 0
        } ?? candidates[candidates.count - 1]
      chosen.append(index)
      left[index] = 0
    }
    return chosen
  }

  /// A number in a range of whole numbers, evenly distributed.
  mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// A seed for what is too much to be drawn number by number.
  mutating func seed() -> UInt32 { UInt32(truncatingIfNeeded: next() >> 32) }
}
