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
  private let pictures: [FileName: [Annotation]]
  private let names: [String: String]
  /// Last parts of names that more than one picture has.
  private var sharedParts: Set<FileName> = []

  private struct Annotation: Sendable {
    let category: String
    let box: [Double]
    let keypoints: [Double]
    let outlines: [[Double]]
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
    var numbers: [FileName: Set<String>] = [:], pictures: [FileName: [Annotation]] = [:]
    for (number, image) in images.enumerated() {
      guard case .text(let name)? = image["file_name"], let id = image["id"]?.wholeNumber else {
        throw LabelError(file, "image \(number + 1) has no 'file_name' or 'id'. Add it.")
      }
      if numbers[FileName(name), default: []].insert(id).inserted {
        pictures[FileName(name), default: []] += byPicture[id] ?? []
      }
    }
    self.pictures = pictures
  }

  /// The labels for a folder of pictures: the last part of a name, such as `a.png` of `sub/a.png`,
  /// stands for a picture where no other one's name ends in it.
  func among(_ names: [String]) -> COCOLabels {
    var labels = self, parts: Set<FileName> = []
    for name in names where !parts.insert(Self.lastPart(of: name)).inserted {
      labels.sharedParts.insert(Self.lastPart(of: name))
    }
    return labels
  }

  private static func lastPart(of name: String) -> FileName {
    FileName(name.split(separator: "/").last.map(String.init) ?? name)
  }

  /// The labels of a picture, found by its name or the last part of it.
  ///
  /// - Throws: `LabelError` if the file does not know the picture.
  func labels(of name: String) throws(LabelError) -> PictureLabels {
    let last = Self.lastPart(of: name)
    let isShared = sharedParts.contains(last)
    guard let annotations = pictures[FileName(name)] ?? (isShared ? nil : pictures[last]) else {
      throw LabelError(
        file,
        isShared && pictures[last] != nil
          ? "no image '\(name)' among 'images', and '\(last.text)' could be another picture."
            + " Name it in full."
          : "no image '\(name)' among 'images'. Add it, or leave it out.")
    }
    var labels = PictureLabels()
    for annotation in annotations {
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
      labels.details.append(annotation.details)
    }
    return labels
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
    return Annotation(
      category: category, box: box, keypoints: points,
      outlines: try outlines(json["segmentation"], number: number, file: file),
      details: .map(entries.filter { !known.contains($0.name) }))
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
