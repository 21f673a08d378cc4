import Augmentation
import Files
import Synchronization

/// Writes samples as files: pictures, masks, labels in the format they came in, and a manifest.
final class FolderOutput: Sendable {
  private let layout: OutputLayout
  private let quality: Int
  private let state: Mutex<State>
  private let folders = Mutex<Set<FileName>>([])

  private struct State: ~Copyable {
    let manifest: GrowingFile
    var coco: COCOWriter?
  }

  init(_ layout: OutputLayout, labels: LabelSet?, quality: Int) throws {
    self.layout = layout
    self.quality = quality
    try NewFolder.create(layout.folder)
    AtomicFile.removeLeftovers(in: layout.folder)
    let manifest = try GrowingFile(layout.manifest)
    var coco: COCOWriter?
    if case .coco(let labels)? = labels { coco = COCOWriter(categories: labels.categories) }
    state = Mutex(State(manifest: manifest, coco: coco))
  }

  /// Writes the files of a sample; from any thread.
  ///
  /// - Returns: Where the picture lies.
  func write(_ sample: AugmentedSample) throws -> String {
    let path = "\(layout.pictures)/\(sample.name)"
    try write(sample.encodedPicture(quality: quality), to: path)
    if let file = layout.mask(of: sample.name), let mask = try sample.encodedMask() {
      try write(mask, to: file)
    }
    if let known = sample.labels, let file = layout.labelFile(of: sample.name) {
      let size = sample.picture.size
      let text =
        layout.labels == .yolo
        ? YOLOLabels.text(known, size: size)
        : VOCLabels.text(
          known, name: sample.name, size: size, channels: sample.picture.image.channels)
      try write(Array(text.utf8), to: file)
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
      if let coco = $0.coco, let file = layout.annotations {
        try AtomicFile.write(coco.text, to: file)
      }
      try $0.manifest.finish()
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try prepare(FilePaths.folder(of: path))
    try AtomicFile.write(bytes, to: path)
  }

  /// Makes a folder and takes away what a run that was killed left in it, once.
  private func prepare(_ folder: String) throws {
    try folders.withLock {
      guard $0.insert(FileName(folder)).inserted else { return }
      try NewFolder.create(folder)
      AtomicFile.removeLeftovers(in: folder)
    }
  }
}
