/// Addresses that are free, in ranges that do not touch each other, in ascending order.
struct FreeRanges {
  private(set) var ranges: [Range<Int>] = []

  /// Cuts `size` addresses off the end of the smallest range that has them; their first, or nil where
  /// no range is large enough.
  mutating func take(_ size: Int) -> Int? {
    var best: Int?
    for index in ranges.indices where ranges[index].count >= size {
      if let known = best, ranges[known].count <= ranges[index].count { continue }
      best = index
    }
    guard let best else { return nil }
    let start = ranges[best].upperBound - size
    if start == ranges[best].lowerBound {
      ranges.remove(at: best)
    } else {
      ranges[best] = ranges[best].lowerBound..<start
    }
    return start
  }

  /// Adds addresses of which none is free yet.
  mutating func insert(_ range: Range<Int>) {
    let index = firstIndex(from: range.lowerBound)
    let joinsNext = index < ranges.count && ranges[index].lowerBound == range.upperBound
    let end = joinsNext ? ranges[index].upperBound : range.upperBound
    if index > 0, ranges[index - 1].upperBound == range.lowerBound {
      ranges[index - 1] = ranges[index - 1].lowerBound..<end
      if joinsNext { ranges.remove(at: index) }
    } else if joinsNext {
      ranges[index] = range.lowerBound..<end
    } else {
      ranges.insert(range, at: index)
    }
  }

  /// How many addresses are free from one on without a gap.
  func count(from start: Int) -> Int {
    let index = firstIndex(from: start)
    return index < ranges.count && ranges[index].lowerBound == start ? ranges[index].count : 0
  }

  /// The first range that begins at an address or after it.
  private func firstIndex(from address: Int) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].lowerBound < address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
