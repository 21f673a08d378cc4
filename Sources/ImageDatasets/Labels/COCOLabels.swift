import Augmentation
import Files

/// COCO's JSON file: pictures, categories, and annotations with a box `[x, y, width, height]` in
/// pixels and perhaps keypoints and outlines (`segmentation`).
///
/// Outlines are polygons. Runs of pixels (COCO's RLE) are passed over: use masks.
public struct COCOLabels: Sendable {
  /// What the file says about categories, as it stands there.
  public let categories: OptionValue
  /// The file, as errors call it.
  let file: String
  private let pictures: [FileName: Picture]
  /// The names of pictures that have the same last part.
  private let namesByPart: [FileName: [String]]
  private let names: [String: String]
  /// Last parts of names that more than one picture has.
  private var sharedParts: Set<FileName> = []
  /// The names of all pictures of the folder.
  private var known: Set<FileName> = []

  private struct Picture: Sendable {
    var sizes: [LabelledSize] = []
    var annotations: [Annotation] = []
  }

  private struct Annotation: Sendable {
    let category: String
    let box: [Double]
    let keypoints: [Double]
    let outlines: [[Double]]
    /// The share of the box that is covered, if it is said without outlines.
    let coverage: Double?
    let details: OptionValue
  }

  /// Reads a file.
  ///
  /// - Throws: `LabelError` for a file that is not of this kind, `FileError` if it cannot be read.
  public init(_ path: String) throws {
    try self.init(try WholeFile.read(path, limit: 1 << 32), file: path)
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: `LabelError` for what is not of this kind.
  public init(_ bytes: [UInt8], file: String) throws(LabelError) {
    let json = try OptionValue(json: bytes, file: file)
    guard case .map = json else {
      throw LabelError(file, "no map of 'images', 'annotations' and 'categories'.")
    }
    guard let images = json["images"]?.elements, let annotations = json["annotations"]?.elements
    else { throw LabelError(file, "no lists 'images' and 'annotations'. COCO has both.") }
    let categories = json["categories"]?.elements ?? []
    self.file = file
    self.categories = .list(categories)
    names = try Self.names(categories, file: file)
    var byPicture: [String: [Annotation]] = [:]
    for (number, annotation) in annotations.enumerated() {
      guard let picture = annotation["image_id"]?.wholeNumber else {
        throw LabelError(file, "annotation \(number + 1) has no 'image_id'. Add it.")
      }
      byPicture[picture, default: []].append(
        try Self.annotation(annotation, number: number + 1, file: file))
    }
    // A picture may be named twice, and then has what belongs to either number.
    var numbers: [FileName: Set<String>] = [:], pictures: [FileName: Picture] = [:]
    for (number, image) in images.enumerated() {
      guard case .text(let name)? = image["file_name"], let id = image["id"]?.wholeNumber else {
        throw LabelError(file, "image \(number + 1) has no 'file_name' or 'id'. Add it.")
      }
      if numbers[FileName(name), default: []].insert(id).inserted {
        let size = LabelledSize(width: image["width"]?.number, height: image["height"]?.number)
        pictures[FileName(name), default: Picture()].sizes.append(size)
        pictures[FileName(name)]?.annotations += byPicture[id] ?? []
      }
    }
    self.pictures = pictures
    namesByPart = Dictionary(grouping: pictures.keys.map(\.text)) { Self.lastPart(of: $0) }
  }

  /// The labels for a folder of pictures: the last part of a name, such as `a.png` of `sub/a.png`,
  /// stands for a picture where no other one's name ends in it.
  func among(_ names: [String]) -> COCOLabels {
    var labels = self, parts: Set<FileName> = []
    labels.known = Set(names.map { FileName($0) })
    for name in names where !parts.insert(Self.lastPart(of: name)).inserted {
      labels.sharedParts.insert(Self.lastPart(of: name))
    }
    return labels
  }

  private static func lastPart(of name: String) -> FileName {
    FileName(FilePaths.name(of: name))
  }

  /// The labels of a picture, found by its name, the last part of it, or a longer name that ends
  /// in it.
  ///
  /// - Throws: `LabelError` if the file does not know the picture, or one of another size.
  func labels(of name: String, size: PixelSize) throws(LabelError) -> PictureLabels {
    let picture = try picture(name)
    for said in picture.sizes { try said.require(size, file: file, name: name) }
    var labels = PictureLabels()
    for annotation in picture.annotations {
      let tag = labels.details.count, box = annotation.box
      labels.boxes.append(
        Box(
          left: box[0], top: box[1], right: box[0] + box[2], bottom: box[1] + box[3],
          label: names[annotation.category] ?? annotation.category, tag: tag))
      for point in 0..<annotation.keypoints.count / 3
      where annotation.keypoints[3 * point + 2] > 0 {
        labels.keypoints.append(
          Keypoint(
            x: annotation.keypoints[3 * point], y: annotation.keypoints[3 * point + 1],
            label: "\(point)", tag: tag * PictureLabels.pointsPerThing + point))
      }
      labels.outlines += annotation.outlines.map { numbers in
        let corners = stride(from: 0, to: numbers.count, by: 2).map {
          SIMD2(numbers[$0], numbers[$0 + 1])
        }
        return Outline(corners: corners, label: labels.boxes.last?.label ?? "", tag: tag)
      }
      if let coverage = annotation.coverage { labels.coverage[tag] = coverage }
      labels.details.append(annotation.details)
    }
    return labels
  }

  private func picture(_ name: String) throws(LabelError) -> Picture {
    if let picture = pictures[FileName(name)] { return picture }
    let last = Self.lastPart(of: name)
    let longer = (namesByPart[last] ?? []).filter { Self.name($0, endsIn: name) }.sorted()
    let isPart = longer.isEmpty && pictures[last] != nil
    let found = isPart ? [last.text] : longer
    guard let only = found.first, let picture = pictures[FileName(only)] else {
      throw LabelError(file, "no image '\(name)' among 'images'. Add it, or leave it out.")
    }
    guard found.count == 1 else {
      throw LabelError(
        file,
        "'\(name)' could be any of the images \(found.joined(separator: ", "))."
          + " Name the folder that they lie in.")
    }
    guard !(isPart ? sharedParts.contains(last) : hasPicture(only, moreThan: name)) else {
      throw LabelError(
        file,
        "no image '\(name)' among 'images', and '\(only)' could be another picture."
          + " Name it in full.")
    }
    return picture
  }

  /// Whether a name ends in that of a picture of the folder that says more than another one.
  private func hasPicture(_ name: String, moreThan other: String) -> Bool {
    var rest = name[...]
    while rest.utf8.count > other.utf8.count {
      if known.contains(FileName(rest)) { return true }
      guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { break }
      rest = rest[rest.utf8.index(after: slash)...]
    }
    return false
  }

  /// Whether a name ends in all parts of another one.
  private static func name(_ name: String, endsIn other: String) -> Bool {
    name.utf8.reversed().starts(with: "/\(other)".utf8.reversed())
  }

  private static func annotation(
    _ json: OptionValue, number: Int, file: String
  ) throws(LabelError) -> Annotation {
    let box = json["bbox"]?.numbers ?? []
    guard box.count == 4, let category = json["category_id"]?.wholeNumber,
      case .map(let entries) = json
    else {
      throw LabelError(
        file, "annotation \(number) has no 'category_id' or no 'bbox' of four numbers. Add it.")
    }
    let points = json["keypoints"]?.numbers ?? []
    guard points.count % 3 == 0, points.count / 3 < PictureLabels.pointsPerThing else {
      throw LabelError(
        file, "annotation \(number) has \(points.count) numbers in 'keypoints', not threes.")
    }
    let known: Set = ["bbox", "area", "segmentation", "id", "image_id", "num_keypoints"]
    let outlines = try outlines(json["segmentation"], number: number, file: file)
    return Annotation(
      category: category, box: box, keypoints: points, outlines: outlines,
      coverage: outlines.isEmpty ? coverage(json["area"]?.number, of: box) : nil,
      details: .map(entries.filter { !known.contains($0.name) }))
  }

  /// The share of a box that an area is.
  private static func coverage(_ area: Double?, of box: [Double]) -> Double? {
    guard let area, area > 0, box[2] > 0, box[3] > 0 else { return nil }
    return min(area / (box[2] * box[3]), 1)
  }

  /// The polygons of an annotation: lists of x, y, x, y and so on.
  private static func outlines(
    _ json: OptionValue?, number: Int, file: String
  ) throws(LabelError) -> [[Double]] {
    var outlines: [[Double]] = []
    for polygon in json?.elements ?? [] {
      let numbers = polygon.numbers
      guard numbers.count >= 6, numbers.count % 2 == 0 else {
        throw LabelError(
          file,
          "annotation \(number) has a polygon in 'segmentation' that is not three or more pairs"
            + " of numbers. Correct it, or leave it out.")
      }
      outlines.append(numbers)
    }
    return outlines
  }

  private static func names(
    _ categories: [OptionValue], file: String
  ) throws(LabelError) -> [String: String] {
    var names: [String: String] = [:]
    for category in categories {
      guard let id = category["id"]?.wholeNumber, case .text(let name)? = category["name"] else {
        throw LabelError(file, "a category without 'id' or 'name'. Add it.")
      }
      names[id] = name
    }
    return names
  }
}

extension OptionValue {
  /// What stands under a name in a map.
  fileprivate subscript(name: String) -> OptionValue? {
    guard case .map(let entries) = self else { return nil }
    return entries.last { $0.name == name }?.value
  }

  /// What stands in a list.
  fileprivate var elements: [OptionValue]? {
    if case .list(let values) = self { values } else { nil }
  }

  /// A number.
  fileprivate var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// The numbers of a list that a picture could have.
  fileprivate var numbers: [Double] {
    (elements ?? []).compactMap { value in
      guard case .number(let number) = value, abs(number) < 1e9 else { return nil }
      return number
    }
  }

  /// The digits of a whole number of any size: ids are often times of day, or hashes.
  fileprivate var wholeNumber: String? {
    switch self {
    case .number(let number): number.rounded() == number ? text : nil
    case .literal(let digits): digits.utf8.contains { "eE.".utf8.contains($0) } ? nil : digits
    case .none, .flag, .text, .list, .map: nil
    }
  }
}
