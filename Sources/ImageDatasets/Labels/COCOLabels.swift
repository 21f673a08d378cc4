import Augmentation
import Files
import Foundation

/// COCO's JSON file: pictures, categories, and annotations with a box `[x, y, width, height]` in
/// pixels and perhaps keypoints and outlines (`segmentation`).
///
/// Outlines are polygons. Runs of pixels (COCO's RLE) are passed over: use masks.
public struct COCOLabels: Sendable {
  /// What the file says about categories, as it stands there.
  public let categories: OptionValue
  private let file: String
  private let pictures: [String: [Annotation]]
  private let names: [Int: String]

  private struct Annotation: Sendable {
    let category: Int
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
    let json: [String: Any]
    do {
      guard
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      else { throw LabelError(file, "no map of 'images', 'annotations' and 'categories'.") }
      json = object
    } catch let error as LabelError {
      throw error
    } catch {
      throw LabelError(file, "not JSON. Check brackets and commas.")
    }
    guard let images = json["images"] as? [[String: Any]],
      let annotations = json["annotations"] as? [[String: Any]]
    else { throw LabelError(file, "no lists 'images' and 'annotations'. COCO has both.") }
    let categories = json["categories"] as? [[String: Any]] ?? []
    self.file = file
    self.categories = Self.value(categories, depth: 0)
    names = try Self.names(categories, file: file)
    var byPicture: [Int: [Annotation]] = [:]
    for (number, annotation) in annotations.enumerated() {
      guard let picture = Self.integer(annotation["image_id"]) else {
        throw LabelError(file, "annotation \(number + 1) has no 'image_id'. Add it.")
      }
      byPicture[picture, default: []].append(
        try Self.annotation(annotation, number: number + 1, file: file))
    }
    var pictures: [String: [Annotation]] = [:]
    for (number, image) in images.enumerated() {
      guard let name = image["file_name"] as? String, let id = Self.integer(image["id"]) else {
        throw LabelError(file, "image \(number + 1) has no 'file_name' or 'id'. Add it.")
      }
      pictures[name] = byPicture[id] ?? []
    }
    self.pictures = pictures
  }

  /// The labels of a picture, found by its name or the last part of it.
  ///
  /// - Throws: `LabelError` if the file does not know the picture.
  func labels(of name: String) throws(LabelError) -> PictureLabels {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    guard let annotations = pictures[name] ?? pictures[last] else {
      throw LabelError(file, "no image '\(name)' among 'images'. Add it, or leave it out.")
    }
    var labels = PictureLabels()
    for annotation in annotations {
      let tag = labels.details.count, box = annotation.box
      labels.boxes.append(
        Box(
          left: box[0], top: box[1], right: box[0] + box[2], bottom: box[1] + box[3],
          label: names[annotation.category] ?? "\(annotation.category)", tag: tag))
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
    _ json: [String: Any], number: Int, file: String
  ) throws(LabelError) -> Annotation {
    let box = (json["bbox"] as? [Any] ?? []).compactMap(Self.number)
    guard box.count == 4, let category = integer(json["category_id"]) else {
      throw LabelError(
        file, "annotation \(number) has no 'category_id' or no 'bbox' of four numbers. Add it.")
    }
    let points = (json["keypoints"] as? [Any] ?? []).compactMap(Self.number)
    guard points.count % 3 == 0, points.count / 3 < PictureLabels.pointsPerThing else {
      throw LabelError(
        file, "annotation \(number) has \(points.count) numbers in 'keypoints', not threes.")
    }
    let known: Set = ["bbox", "area", "segmentation", "id", "image_id", "num_keypoints"]
    let details = json.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
    return Annotation(
      category: category, box: box, keypoints: points,
      outlines: try outlines(json["segmentation"], number: number, file: file),
      details: .map(details.map { .init($0.key, value($0.value, depth: 0)) }))
  }

  /// The polygons of an annotation: lists of x, y, x, y and so on.
  private static func outlines(
    _ json: Any?, number: Int, file: String
  ) throws(LabelError) -> [[Double]] {
    guard let polygons = json as? [Any] else { return [] }
    var outlines: [[Double]] = []
    for polygon in polygons {
      let numbers = (polygon as? [Any] ?? []).compactMap(Self.number)
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
    _ categories: [[String: Any]], file: String
  ) throws(LabelError) -> [Int: String] {
    var names: [Int: String] = [:]
    for category in categories {
      guard let id = integer(category["id"]), let name = category["name"] as? String else {
        throw LabelError(file, "a category without 'id' or 'name'. Add it.")
      }
      names[id] = name
    }
    return names
  }

  private static func number(_ json: Any?) -> Double? {
    guard let number = json as? NSNumber, number.doubleValue.isFinite,
      abs(number.doubleValue) < 1e9
    else { return nil }
    return number.doubleValue
  }

  /// A whole number, of any size: ids are often times of day, or hashes.
  private static func integer(_ json: Any?) -> Int? {
    guard let number = json as? NSNumber else { return nil }
    let whole = number.intValue
    return Double(whole) == number.doubleValue ? whole : nil
  }

  private static func value(_ json: Any, depth: Int) -> OptionValue {
    // What lies deeper is none of COCO's.
    guard depth < 8 else { return .none }
    switch json {
    case let text as String: return .text(text)
    case let list as [Any]: return .list(list.map { value($0, depth: depth + 1) })
    case let map as [String: Any]:
      return .map(
        map.sorted { $0.key < $1.key }.map { .init($0.key, value($0.value, depth: depth + 1)) })
    case let number as NSNumber: return .number(number.doubleValue)
    default: return .none
    }
  }
}
