import Augmentation
import Images

extension FolderAugmenter {
  /// A sheet that shows what the pipeline does: a row for each of the first pictures, itself and
  /// copies of it, with boxes, keypoints and masks drawn in.
  ///
  /// The copies are those that `run` makes of the same pictures.
  ///
  /// - Parameters:
  ///   - input: The folder of pictures; those that cannot be used are left out.
  ///   - pictures: The most rows.
  ///   - variations: Copies in a row.
  ///   - side: Pixels along the longer side of each.
  /// - Throws: `DatasetError` if the folder cannot be searched or none of its pictures be used.
  public func preview(
    of input: String, pictures: Int = 6, variations: Int = 5, side: Int = 256
  ) throws -> Image {
    precondition(pictures > 0 && variations > 0, "\(pictures) × \(variations) pictures")
    let folder = try ImageFolder(input)
    let augmenter = try among(folder)
    let fit = LongestMaxSize(size: side, resampling: .bilinear)
    var rows: [[Image]] = [], reason = ""
    for index in 0..<folder.count where rows.count < pictures {
      do {
        let picture = try augmenter.read(folder.path(at: index), folder.names[index]).picture
        let copies = try (0..<variations).map { copy in
          try pipeline.apply(to: picture, key: .init(seed: seed, epoch: copy, index: index))
        }
        rows.append(
          try ([picture] + copies).map { shown in
            var shown = shown
            shown.move(by: try fit.map(.init(), for: shown.size))
            return shown.drawn
          })
      } catch {
        if reason.isEmpty { reason = "\(error)" }
      }
    }
    if rows.isEmpty {
      throw DatasetError.noneReadable(input, count: folder.count, reason: reason)
    }
    return Image.grid(rows: rows)
  }
}

extension AnnotatedImage {
  /// The picture in colour with its labels drawn in.
  fileprivate var drawn: Image {
    var canvas = image.composited(over: [255]).converted(toChannels: 3)
    canvas.tint(by: masks)
    for outline in outlines { canvas.draw(outline, color: Self.color(of: outline.label)) }
    for box in boxes { canvas.frame(box, color: Self.color(of: box.label)) }
    for point in keypoints {
      for offset in -3...3 {
        canvas.put(
          Self.color(of: point.label), x: Int(point.x.rounded()) + offset, y: Int(point.y.rounded())
        )
        canvas.put(
          Self.color(of: point.label), x: Int(point.x.rounded()), y: Int(point.y.rounded()) + offset
        )
      }
    }
    return canvas
  }

  /// A strong colour that a label always has.
  private static func color(of label: String) -> [UInt8] {
    color(of: label.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff })
  }

  fileprivate static func color(of number: Int) -> [UInt8] {
    let colors: [[UInt8]] = [
      [255, 60, 40], [40, 220, 60], [60, 120, 255], [255, 210, 0], [255, 60, 230], [0, 230, 230],
      [255, 140, 0],
    ]
    return colors[number % colors.count]
  }
}

extension Image {
  fileprivate mutating func put(_ color: [UInt8], x: Int, y: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    for channel in 0..<3 { self[x, y, channel] = color[channel] }
  }

  /// Draws the edges of a box, two pixels wide, inside it.
  fileprivate mutating func frame(_ box: Box, color: [UInt8]) {
    let left = Int(box.left.rounded()), right = Int(box.right.rounded()) - 1
    let top = Int(box.top.rounded()), bottom = Int(box.bottom.rounded()) - 1
    guard left <= right, top <= bottom else { return }
    for inset in 0..<2 {
      for x in left...right {
        put(color, x: x, y: top + inset)
        put(color, x: x, y: bottom - inset)
      }
      for y in top...bottom {
        put(color, x: left + inset, y: y)
        put(color, x: right - inset, y: y)
      }
    }
  }

  /// Draws the sides of an outline, a pixel wide.
  fileprivate mutating func draw(_ outline: Outline, color: [UInt8]) {
    for (from, to) in zip(outline.corners, outline.corners.dropFirst() + outline.corners.prefix(1))
    {
      let way = to - from
      let steps = max(1, Int(max(abs(way.x), abs(way.y)).rounded(.up)))
      for step in 0...steps {
        let place = from + way * (Double(step) / Double(steps))
        put(color, x: min(Int(place.x), width - 1), y: min(Int(place.y), height - 1))
      }
    }
  }

  /// Mixes in a colour for each level of a mask but 0; its planes come the highest first.
  fileprivate mutating func tint(by planes: [Image]) {
    for y in 0..<height {
      for x in 0..<width {
        let level = planes.reduce(0) { $0 << 8 | Int($1[x, y, 0]) }
        if level == 0 { continue }
        let color = AnnotatedImage.color(of: level)
        for channel in 0..<3 {
          self[x, y, channel] = UInt8((Int(self[x, y, channel]) + Int(color[channel])) / 2)
        }
      }
    }
  }
}
