import Augmentation
import Files

/// What is known about the things in a picture.
public struct PictureLabels: Sendable, Equatable {
  /// Rectangles; `tag` is the number of the thing.
  public var boxes: [Box]
  /// Points; `tag` is the number of the thing times `pointsPerThing`, plus the point's own.
  public var keypoints: [Keypoint]
  /// Polygons; `tag` is the number of the thing, which may have several.
  public var outlines: [Outline]
  /// What else the label file says about each thing, by its number.
  public var details: [OptionValue]
  /// The share of its box that a thing covers, by its number, where the file says so without
  /// outlines.
  public var coverage: [Int: Double]

  /// The most points that one thing may have.
  public static let pointsPerThing = 1 << 16

  /// Creates labels.
  public init(
    boxes: [Box] = [], keypoints: [Keypoint] = [], outlines: [Outline] = [],
    details: [OptionValue] = [], coverage: [Int: Double] = [:]
  ) {
    self.boxes = boxes
    self.keypoints = keypoints
    self.outlines = outlines
    self.details = details
    self.coverage = coverage
  }

  /// The labels as a changed picture has them.
  func following(_ picture: AnnotatedImage) -> PictureLabels {
    PictureLabels(
      boxes: picture.boxes, keypoints: picture.keypoints, outlines: picture.outlines,
      details: details, coverage: coverage)
  }

  /// The numbers of things that a picture of this size shows by outlines.
  func outlined(in size: PixelSize) -> Set<Int> {
    Set(outlines.filter { $0.clipped(to: size) != nil }.map(\.tag))
  }

  /// The details of a thing.
  func detail(_ tag: Int) -> [OptionValue.Entry] {
    guard details.indices.contains(tag), case .map(let entries) = details[tag] else { return [] }
    return entries
  }
}

/// How labels stand in files.
public enum LabelFormat: String, Sendable, CaseIterable {
  /// One JSON file for all pictures.
  case coco
  /// A text file for each picture: a line for each box, in shares of the picture.
  case yolo
  /// An XML file for each picture.
  case voc
}

/// The labels of a folder of pictures.
public enum LabelSet: Sendable {
  /// One JSON file for all pictures.
  case coco(COCOLabels)
  /// A folder of text files.
  case yolo(YOLOLabels)
  /// A folder of XML files.
  case voc(VOCLabels)

  /// Opens labels.
  ///
  /// - Parameters:
  ///   - path: A COCO file, or a folder of YOLO or VOC files named like the pictures.
  ///   - format: The format; nil to find it: a file is COCO, a folder that holds XML is VOC.
  /// - Throws: `LabelError` or the reason why the file or folder cannot be read.
  public init(_ path: String, format: LabelFormat? = nil) throws {
    guard let entry = FileEntry(at: path) else {
      throw LabelError(path, "there is no such file or folder. Check the name.")
    }
    let endings = entry.kind == .folder ? try Self.endings(in: path) : []
    let found: LabelFormat =
      if let format { format } else if entry.kind == .file { .coco } else {
        endings.isDisjoint(with: Self.endings(of: .voc)) ? .yolo : .voc
      }
    guard (found == .coco) == (entry.kind == .file) else {
      throw LabelError(
        path,
        found == .coco
          ? "COCO labels are one JSON file. Name it." : "\(found) labels are a folder. Name it.")
    }
    guard found == .coco || !endings.isDisjoint(with: Self.endings(of: found)) else {
      throw LabelError(
        path, "no labels. Put YOLO's .txt or VOC's .xml files there, named like the pictures.")
    }
    switch found {
    case .coco: self = .coco(try COCOLabels(path))
    case .yolo: self = .yolo(YOLOLabels(folder: path))
    case .voc: self = .voc(VOCLabels(folder: path))
    }
  }

  /// The format.
  public var format: LabelFormat {
    switch self {
    case .coco: .coco
    case .yolo: .yolo
    case .voc: .voc
    }
  }

  /// The file or folder that they are read from.
  var path: String {
    switch self {
    case .coco(let labels): labels.file
    case .yolo(let labels): labels.folder
    case .voc(let labels): labels.folder
    }
  }

  /// The labels for a folder of pictures of these names.
  ///
  /// - Throws: `LabelError` if there is no file for any of them where one at least is expected.
  func among(_ names: [String]) throws(LabelError) -> LabelSet {
    switch self {
    case .coco(let labels): return .coco(labels.among(names))
    case .yolo(let labels):
      guard names.contains(where: { labels.file(of: $0) != nil }) else {
        throw LabelError(
          labels.folder,
          "no .txt file there is named like one of the pictures. Name the folder of their labels.")
      }
    case .voc: break
    }
    return self
  }

  /// The labels of a picture, given by its name relative to the folder of pictures.
  ///
  /// - Throws: `LabelError`, also where they are said to be of a picture of another size, or the
  ///   reason why its file cannot be read.
  public func labels(of name: String, size: PixelSize) throws -> PictureLabels {
    switch self {
    case .coco(let labels): try labels.labels(of: name, size: size)
    case .yolo(let labels): try labels.labels(of: name, size: size)
    case .voc(let labels): try labels.labels(of: name, size: size)
    }
  }

  /// What the names of a format's files end in, if each picture has one.
  private static func endings(of format: LabelFormat) -> [String] {
    switch format {
    case .coco: []
    case .yolo: ["txt", "TXT"]
    case .voc: ["xml", "XML"]
    }
  }

  /// The label file of a picture, whose name ends in small or capital letters; nil if there is none.
  ///
  /// One that is out of reach is there: whoever reads it says why.
  static func file(of name: String, as format: LabelFormat, in folder: String) -> String? {
    endings(of: format).map { "\(folder)/\(name.replacingExtension(by: $0))" }
      .first { !FileEntry.isAbsent($0) }
  }

  /// What the names of files in a folder, and in all folders in it, end in.
  private static func endings(in folder: String) throws(DatasetError) -> Set<String> {
    var endings: Set<String> = []
    try FolderWalk.files(
      in: folder,
      onUnlistable: { error throws(DatasetError) in
        throw .unlistable(error)
      },
      visit: { endings.insert(String($0.split(separator: ".").last ?? "")) })
    return endings
  }
}

extension String {
  /// A name with what follows the last dot replaced.
  func replacingExtension(by other: String) -> String {
    let slash = lastIndex(of: "/") ?? startIndex
    guard let dot = lastIndex(of: "."), dot > slash else { return "\(self).\(other)" }
    return "\(self[..<dot]).\(other)"
  }
}
