import Augmentation

/// The size of a picture as a label file says it; what is absent or nothing is not known.
struct LabelledSize: Sendable {
  let width: Double?
  let height: Double?

  /// Knows what is a size at all: tools write 0, or nothing, for what they do not know.
  init(width: Double?, height: Double?) {
    self.width = width.flatMap { $0 > 0 ? $0 : nil }
    self.height = height.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Refuses labels of another size than the picture, whose places would be others.
  ///
  /// - Parameters:
  ///   - size: The size of the picture, upright.
  ///   - file: The label file.
  ///   - name: What the file says it is about, if that is not all of it.
  func require(_ size: PixelSize, file: String, line: Int? = nil, name: String? = nil)
    throws(LabelError)
  {
    let fits =
      (width ?? Double(size.width)) == Double(size.width)
      && (height ?? Double(size.height)) == Double(size.height)
    if fits { return }
    let own = "\(Self.text(width))×\(Self.text(height))"
    throw LabelError(
      file, line: line,
      (name.map { "image '\($0)': " } ?? "")
        + "labels of a picture of \(own) for one that is \(size) upright. Scale them, or take"
        + " the picture that they were made for.")
  }

  private static func text(_ side: Double?) -> String {
    side.map { OptionValue.number($0).text } ?? "?"
  }
}
