import Augmentation

/// Collects the labels of pictures for one COCO file.
struct COCOWriter {
  private let categories: OptionValue
  private var images: [String] = []
  private var annotations: [String] = []

  init(categories: OptionValue) { self.categories = categories }

  /// Adds a picture and what is in it; pictures and annotations are numbered from 1.
  mutating func add(_ labels: PictureLabels, name: String, size: PixelSize) {
    let picture = images.count + 1
    images.append(
      OptionValue.map([
        .init("id", .number(Double(picture))), .init("file_name", .text(name)),
        .init("width", .number(Double(size.width))), .init("height", .number(Double(size.height))),
      ]).text)
    for box in labels.boxes {
      let numbers: [OptionValue] = [box.left, box.top, box.width, box.height].map {
        .hundredths($0)
      }
      let outlines = labels.outlines.filter { $0.tag == box.tag }
      // Of a thing whose outline is not known its box is covered as much as it was.
      let area =
        outlines.isEmpty
        ? box.area * (labels.coverage[box.tag] ?? 1) : outlines.reduce(0) { $0 + $1.area }
      var entries: [OptionValue.Entry] = [
        .init("id", .number(Double(annotations.count + 1))),
        .init("image_id", .number(Double(picture))), .init("bbox", .list(numbers)),
        .init("area", .hundredths(area)),
        .init("segmentation", .list(outlines.map(Self.polygon))),
      ]
      for detail in labels.detail(box.tag) {
        if detail.name == "keypoints" {
          entries += Self.keypoints(detail.value, of: box.tag, in: labels)
        } else {
          entries.append(detail)
        }
      }
      annotations.append(OptionValue.map(entries).text)
    }
  }

  /// The whole file.
  var text: String {
    "{\"images\": [\n\(images.joined(separator: ",\n"))\n],\n\"annotations\": [\n"
      + "\(annotations.joined(separator: ",\n"))\n],\n\"categories\": \(categories.text)}\n"
  }

  /// The points as they are now; those that left the picture become zeros.
  private static func keypoints(
    _ old: OptionValue, of tag: Int, in labels: PictureLabels
  ) -> [OptionValue.Entry] {
    guard case .list(var numbers) = old else { return [] }
    let first = tag * PictureLabels.pointsPerThing
    let now = Dictionary(
      labels.keypoints.filter { (first..<first + PictureLabels.pointsPerThing).contains($0.tag) }
        .map { ($0.tag - first, $0) }, uniquingKeysWith: { first, _ in first })
    for point in 0..<numbers.count / 3 {
      if let place = now[point] {
        numbers[3 * point] = .hundredths(place.x)
        numbers[3 * point + 1] = .hundredths(place.y)
      } else {
        for index in 3 * point..<3 * point + 3 { numbers[index] = .number(0) }
      }
    }
    return [
      .init("keypoints", .list(numbers)), .init("num_keypoints", .number(Double(now.count))),
    ]
  }

  private static func polygon(_ outline: Outline) -> OptionValue {
    .list(outline.corners.flatMap { [$0.x, $0.y] }.map { .hundredths($0) })
  }
}
