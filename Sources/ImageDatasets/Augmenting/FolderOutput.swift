import Augmentation
import Files
import Synchronization

/// Writes samples as files: pictures, masks, labels in the format they came in, and a manifest.
///
/// Without labels and masks pictures lie in the folder itself; with them in `images`, beside
/// `labels` (or `annotations.json`) and `masks`.
final class FolderOutput: Sendable {
  private let folder: String
  private let labels: LabelSet?
  private let hasMasks: Bool
  private let quality: Int
  private let state: Mutex<State>

  private struct State: ~Copyable {
    let manifest: GrowingFile
    var coco: COCOWriter?
  }

  init(_ folder: String, labels: LabelSet?, hasMasks: Bool, quality: Int) throws {
    self.folder = folder
    self.labels = labels
    self.hasMasks = hasMasks
    self.quality = quality
    let manifest = try GrowingFile("\(folder)/manifest.jsonl")
    var coco: COCOWriter?
    if case .coco(let labels)? = labels { coco = COCOWriter(categories: labels.categories) }
    state = Mutex(State(manifest: manifest, coco: coco))
  }

  /// A file that two copies whose names differ only in their endings would share; nil if they
  /// would share none.
  static func sharedFile(
    of name: String, in folder: String, labels: LabelSet?, hasMasks: Bool
  ) -> String? {
    switch labels {
    case .yolo: "\(folder)/labels/\(name.replacingExtension(by: "txt"))"
    case .voc: "\(folder)/labels/\(name.replacingExtension(by: "xml"))"
    case .coco, nil: hasMasks ? "\(folder)/masks/\(name.replacingExtension(by: "png"))" : nil
    }
  }

  /// Writes the files of a sample; from any thread.
  ///
  /// - Returns: Where the picture lies.
  func write(_ sample: AugmentedSample) throws -> String {
    let pictures = labels == nil && !hasMasks ? folder : "\(folder)/images"
    let path = "\(pictures)/\(sample.name)"
    try write(sample.encodedPicture(quality: quality), to: path)
    if let mask = try sample.encodedMask() {
      try write(mask, to: "\(folder)/masks/\(sample.name.replacingExtension(by: "png"))")
    }
    if let known = sample.labels {
      switch labels {
      case .yolo:
        let text = YOLOLabels.text(known, size: sample.picture.size)
        try write(
          Array(text.utf8), to: "\(folder)/labels/\(sample.name.replacingExtension(by: "txt"))")
      case .voc:
        let text = VOCLabels.text(
          known, name: sample.name, size: sample.picture.size,
          channels: sample.picture.image.channels)
        try write(
          Array(text.utf8), to: "\(folder)/labels/\(sample.name.replacingExtension(by: "xml"))")
      case .coco, nil: break
      }
    }
    return path
  }

  /// Notes a sample in the manifest and among the annotations; in order.
  func note(_ sample: AugmentedSample) throws {
    try state.withLock {
      try $0.manifest.write(sample.manifestLine + "\n")
      if let labels = sample.labels {
        $0.coco?.add(labels, name: sample.name, size: sample.picture.size)
      }
    }
  }

  /// Ends the manifest and the annotations.
  func finish() throws {
    try state.withLock {
      if let coco = $0.coco { try AtomicFile.write(coco.text, to: "\(folder)/annotations.json") }
      try $0.manifest.finish()
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    if let slash = path.lastIndex(of: "/") { try FolderListing.create(String(path[..<slash])) }
    try AtomicFile.write(bytes, to: path)
  }
}
