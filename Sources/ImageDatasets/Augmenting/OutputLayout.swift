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

  /// Whether each kind of file has a folder.
  var hasFolders: Bool { labels != nil || hasMasks }
  /// The folder of the pictures.
  var pictures: String { hasFolders ? "\(folder)/images" : folder }
  /// The folder of labels, in formats of a file each.
  var labelFiles: String? { labels == .yolo || labels == .voc ? "\(folder)/labels" : nil }
  /// The folder of masks, if there are some.
  var masks: String? { hasMasks ? "\(folder)/masks" : nil }
  /// What is said about all samples.
  var manifest: String { "\(folder)/manifest.jsonl" }
  /// The labels of all pictures, in formats of one file.
  var annotations: String? { labels == .coco ? "\(folder)/annotations.json" : nil }

  /// The label file of a copy, in formats of a file each.
  func labelFile(of name: String) -> String? {
    labelFiles.map { "\($0)/\(name.replacingExtension(by: labels == .yolo ? "txt" : "xml"))" }
  }

  /// The mask of a copy, if there are masks.
  func mask(of name: String) -> String? {
    masks.map { "\($0)/\(name.replacingExtension(by: "png"))" }
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
    guard hasFolders else { return [Place(path: folder)] + files }
    return [pictures, labelFiles, masks].compactMap(\.self).map { Place(path: $0, isOwn: true) }
      + files
  }
}
