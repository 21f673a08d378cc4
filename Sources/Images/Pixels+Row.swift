extension Pixels {
  /// Pictures of one height, side by side.
  ///
  /// The row has the most channels of any of them, and 16 bits if all of them have both.
  public init(beside parts: [Pixels]) {
    precondition(!parts.isEmpty, "a row of no pictures")
    let height = parts[0].height, width = parts.reduce(0) { $0 + $1.width }
    precondition(
      parts.allSatisfy { $0.height == height }, "heights of \(parts.map(\.height)) in a row")
    let channels = parts.map(\.channels).max() ?? 1
    let words = parts.compactMap { part in
      if case .words(let image) = part, image.channels == channels { image } else { nil }
    }
    guard words.count < parts.count else {
      let samples = Self.joined(words.map { ($0.samples, $0.width * channels) }, rows: height)
      self = .words(
        DeepImage(width: width, height: height, channels: channels, samples: samples))
      return
    }
    let images = parts.map { $0.image.converted(toChannels: channels) }
    let samples = Self.joined(images.map { ($0.samples, $0.width * channels) }, rows: height)
    self = .bytes(Image(width: width, height: height, channels: channels, samples: samples))
  }

  private static func joined<Sample>(_ parts: [(samples: [Sample], row: Int)], rows: Int)
    -> [Sample]
  {
    var result: [Sample] = []
    result.reserveCapacity(parts.reduce(0) { $0 + $1.samples.count })
    for y in 0..<rows {
      for part in parts {
        result.append(contentsOf: part.samples[y * part.row..<(y + 1) * part.row])
      }
    }
    return result
  }
}
