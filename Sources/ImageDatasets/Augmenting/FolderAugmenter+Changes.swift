import Augmentation

extension FolderAugmenter {
  /// What makes a copy of a picture.
  struct Change {
    let copy: Int
    /// Whether it was made of a picture of 16 bits a channel; nil if it is made for the first time.
    var isOfDeep: Bool?
    let apply: (AnnotatedImage) throws -> (AnnotatedImage, AugmentationRecord?)
  }

  func changes(of name: String, _ index: Int) throws -> [Change] {
    if let replay {
      return try replay.copies(of: name).map { copy in
        Change(copy: copy.number, isOfDeep: copy.isOfDeep) {
          (
            try copy.record.replay(on: $0, by: copy.operations),
            isRecording ? copy.record : nil
          )
        }
      }
    }
    return (0..<copies).map { copy in
      let key = Pipeline.Key(seed: seed, epoch: copy, index: index)
      return Change(copy: copy) {
        isRecording
          ? try pipeline.applyRecording(to: $0, key: key)
          : (try pipeline.apply(to: $0, key: key), nil)
      }
    }
  }

  /// Refuses to do again to 16 bits a channel what was done to 8: such pictures are maps, which
  /// would lose their low bits and have their levels changed as if they were colours.
  func requireDepth(
    of read: ReadPicture, _ input: String, _ changes: [Change]
  ) throws(LabelError) {
    guard read.isDeep, let change = changes.first(where: { $0.isOfDeep == false }) else { return }
    throw LabelError(
      input,
      "16 bits a channel, where copy \(change.copy + 1) of the manifest is not said to be made of such."
        + " Give maps by --masks beside the pictures that were recorded: they move along and keep"
        + " their levels.")
  }
}

extension AnnotatedImage {
  /// Drops the boxes of things whose outlines have all left the picture.
  mutating func dropBoxes(withoutOutlinesOf outlined: Set<Int>) {
    if outlined.isEmpty { return }
    let left = outlined.subtracting(outlines.map(\.tag))
    boxes.removeAll { left.contains($0.tag) }
  }
}
