extension Image {
  /// Pictures side by side in rows, in colour.
  ///
  /// Each column is as wide as its widest picture and each row as high as its highest; smaller
  /// pictures stand in the top left of their cell. Transparent ones show the background.
  ///
  /// - Parameters:
  ///   - rows: At least one picture; rows may differ in length.
  ///   - gap: Pixels between pictures.
  ///   - background: The level of gaps and empty cells.
  public static func grid(rows: [[Image]], gap: Int = 4, background: UInt8 = 255) -> Image {
    let columnCount = rows.map(\.count).max() ?? 0
    precondition(columnCount > 0, "a grid of no pictures")
    precondition(gap >= 0, "a gap of \(gap)")
    let widths = (0..<columnCount).map { column in
      rows.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0
    }
    let heights = rows.map { $0.map(\.height).max() ?? 0 }
    var result = Image(
      width: widths.reduce(0, +) + gap * (columnCount - 1),
      height: heights.reduce(0, +) + gap * (rows.count - 1),
      channels: 3, repeating: background)
    var y = 0
    for (row, height) in zip(rows, heights) {
      var x = 0
      for (image, width) in zip(row, widths) {
        let opaque = image.composited(over: [background]).converted(toChannels: 3)
        result.place(opaque, x: x, y: y)
        x += width + gap
      }
      y += height + gap
    }
    return result
  }
}
