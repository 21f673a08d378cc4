import Images

/// Gives each colour the distribution of levels that it has in a picture of another folder.
public struct HistogramMatching: ReferenceOperation {
  /// What it does.
  public static let summary =
    "Gives each colour the distribution of levels that it has in a picture of another folder."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .folder(\.folder),
    .range("amount", \.amount, in: 0...1, "The share of the matched picture in the result."),
  ]

  /// The pictures whose levels are matched.
  public var references = ReferenceFolder("")
  /// The share of the matched picture in the result.
  public var amount: ClosedRange<Float> = 0.5...1
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, without a folder.
  public init() {}

  /// Creates the operation.
  public init(folder: String, amount: ClosedRange<Float> = 0.5...1, probability: Float = 0.5) {
    references = ReferenceFolder(folder)
    self.amount = amount
    self.probability = probability
    requireValid()
  }

  /// Matches the levels.
  public func changed(_ image: Image, borrowing amount: Float, from reference: Image) -> Image {
    let pairs = zip(image.levelCounts(), reference.levelCounts()).prefix(image.colors)
    return image.lookedUp(
      pairs.map { counts, wanted in
        let levels = Self.matching(counts, wanted)
        return LevelTable.table { $0 + amount * (levels[Int($0)] - $0) }
      })
  }

  /// For each level the one below which the same share of the reference lies, or between two.
  private static func matching(_ counts: [UInt32], _ wanted: [UInt32]) -> [Float] {
    let shares = cumulative(counts), targets = cumulative(wanted)
    let known = wanted.indices.filter { wanted[$0] > 0 }
    return shares.map { share in
      guard let above = known.firstIndex(where: { targets[$0] >= share }), above > 0 else {
        return Float(known.first { targets[$0] >= share } ?? known[known.count - 1])
      }
      let low = known[above - 1], high = known[above]
      let part = (share - targets[low]) / (targets[high] - targets[low])
      return Float(Double(low) + part * Double(high - low))
    }
  }

  private static func cumulative(_ counts: [UInt32]) -> [Double] {
    let total = counts.reduce(0) { $0 + Double($1) }
    var sum = 0.0
    return counts.map { count in
      sum += Double(count)
      return sum / total
    }
  }
}
