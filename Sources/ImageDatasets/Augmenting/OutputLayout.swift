/// Where the files of samples go in a folder.
///
/// Without labels and masks pictures lie in the folder itself; with them in `images`, beside
/// `labels` (or `annotations.json`) and `masks`.
struct OutputLayout: Sendable {
  /// The folder.
  let folder: String
  /// How labels are written, if there are some.
  let labels: LabelFormat?
  /// Whether there are masks.
  let hasMasks: Bool

  /// The folder of the pictures.
  var pictures: String { labels == nil && !hasMasks ? folder : "\(folder)/images" }
  /// What is said about all samples.
  var manifest: String { "\(folder)/manifest.jsonl" }
  /// The labels of all pictures, in formats of one file.
  var annotations: String? { labels == .coco ? "\(folder)/annotations.json" : nil }

  /// The label file of a copy, in formats of a file each.
  func labelFile(of name: String) -> String? {
    switch labels {
    case .yolo: "\(folder)/labels/\(name.replacingExtension(by: "txt"))"
    case .voc: "\(folder)/labels/\(name.replacingExtension(by: "xml"))"
    case .coco, nil: nil
    }
  }

  /// The mask of a copy, if there are masks.
  func mask(of name: String) -> String? {
    hasMasks ? "\(folder)/masks/\(name.replacingExtension(by: "png"))" : nil
  }

  /// A file that two copies whose names differ only in their endings would share.
  func sharedFile(of name: String) -> String? { labelFile(of: name) ?? mask(of: name) }

  /// A file or folder to be written.
  struct Place {
    /// Its path.
    let path: String
    /// Whether nothing but outputs may be in it.
    var isOwn = false
  }

  /// All files and folders to be written.
  var places: [Place] {
    let files = [manifest, annotations].compactMap(\.self).map { Place(path: $0) }
    guard labels != nil || hasMasks else { return [Place(path: folder)] + files }
    let folders = [
      "images", labels == .yolo || labels == .voc ? "labels" : nil, hasMasks ? "masks" : nil,
    ]
    return folders.compactMap(\.self).map { Place(path: "\(folder)/\($0)", isOwn: true) } + files
  }
}
