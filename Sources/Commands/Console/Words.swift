extension String {
  /// The text with spaces after it, up to a width; longer text keeps its length.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// A name out of a model file as the name of one visible folder, which leads nowhere else.
  var asFolderName: String {
    let plain = replacing("/", with: "-").replacing("\0", with: "-")
    return plain.isEmpty || plain.hasPrefix(".") ? "_" + plain : plain
  }
}
