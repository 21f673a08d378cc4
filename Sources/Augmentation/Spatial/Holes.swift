import Images
import Tensors

extension SeededRandom {
  /// A rectangle inside a picture: left edge, top edge, width and height, as shares of it.
  mutating func hole(sides: ClosedRange<Float>) -> [Double] {
    let width = Double(uniform(in: sides)), height = Double(uniform(in: sides))
    return [
      Double(uniform()) * (1 - width), Double(uniform()) * (1 - height), width, height,
    ]
  }
}

extension PixelRectangle {
  /// The pixels of a drawn rectangle, at least one; nil if the numbers make none.
  init?(hole: [Double], in size: PixelSize) {
    guard hole.count == 4, hole.allSatisfy({ (0...1).contains($0) }) else { return nil }
    let x = min(Int((hole[0] * Double(size.width)).rounded()), size.width - 1)
    let y = min(Int((hole[1] * Double(size.height)).rounded()), size.height - 1)
    let width = Int((hole[2] * Double(size.width)).rounded())
    let height = Int((hole[3] * Double(size.height)).rounded())
    self.init(
      x: x, y: y, width: min(max(width, 1), size.width - x),
      height: min(max(height, 1), size.height - y))
  }

  fileprivate func contains(_ point: Keypoint) -> Bool {
    point.x >= Double(x) - 0.5 && point.y >= Double(y) - 0.5
      && point.x < Double(x + width) - 0.5 && point.y < Double(y + height) - 0.5
  }
}

extension AnnotatedImage {
  /// Drops keypoints and outlines under rectangles and lessens the visibility of boxes.
  ///
  /// - Parameters:
  ///   - holes: The rectangles.
  ///   - masks: Whether masks become 0 there.
  mutating func coverLabels(at holes: [PixelRectangle], masks: Bool) {
    if masks {
      for index in self.masks.indices {
        self.masks[index] = self.masks[index].covered(at: holes, by: 0)
      }
    }
    keypoints.removeAll { point in holes.contains { $0.contains(point) } }
    for index in boxes.indices { boxes[index].visibility *= 1 - boxes[index].share(under: holes) }
    boxes.removeAll { $0.visibility <= 0 }
    outlines.removeAll { $0.isCovered(by: $0.bounds.parts(under: holes)) }
  }
}

extension Image {
  /// The picture with rectangles of one level; alpha stays.
  func covered(at holes: [PixelRectangle], by level: UInt8) -> Image {
    var levels = samples
    for hole in holes {
      for y in hole.y..<hole.y + hole.height {
        for x in hole.x..<hole.x + hole.width {
          let pixel = (y * width + x) * channels
          for channel in 0..<colors { levels[pixel + channel] = level }
        }
      }
    }
    return Image(width: width, height: height, channels: channels, samples: levels)
  }
}

/// A rectangle of any numbers.
typealias Rectangle = (x: ClosedRange<Double>, y: ClosedRange<Double>)

extension Box {
  /// The share of the area that lies under rectangles, each point counted once.
  fileprivate func share(under holes: [PixelRectangle]) -> Double {
    let parts = parts(under: holes)
    func length(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
    return parts.reduce(0) { $0 + length($1.x) * length($1.y) } / area
  }

  /// What lies under rectangles, cut so that no two parts overlap.
  fileprivate func parts(under holes: [PixelRectangle]) -> [Rectangle] {
    let clipped = holes.compactMap { hole -> Rectangle? in
      let x0 = max(left, Double(hole.x)), x1 = min(right, Double(hole.x + hole.width))
      let y0 = max(top, Double(hole.y)), y1 = min(bottom, Double(hole.y + hole.height))
      return x0 < x1 && y0 < y1 ? (x0...x1, y0...y1) : nil
    }
    // Between two neighbouring edges of rectangles the covered height is the same everywhere.
    let edges = Set(clipped.flatMap { [$0.x.lowerBound, $0.x.upperBound] }).sorted()
    var parts: [Rectangle] = []
    for (from, to) in zip(edges, edges.dropFirst()) {
      let spans = clipped.filter { $0.x.lowerBound <= from && $0.x.upperBound >= to }
        .map(\.y).sorted { $0.lowerBound < $1.lowerBound }
      var end = -Double.infinity
      for span in spans where span.upperBound > end {
        parts.append((from...to, max(span.lowerBound, end)...span.upperBound))
        end = span.upperBound
      }
    }
    return parts
  }
}

extension Outline {
  /// The box round it.
  fileprivate var bounds: Box {
    Box(
      left: corners.map(\.x).min() ?? 0, top: corners.map(\.y).min() ?? 0,
      right: corners.map(\.x).max() ?? 0, bottom: corners.map(\.y).max() ?? 0)
  }
}
