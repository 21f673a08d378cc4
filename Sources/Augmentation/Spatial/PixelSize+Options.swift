import Images

extension PixelSize {
  /// The most pixels along a side, which JPEG sets.
  static let longest = 65_500

  /// The whole picture.
  var rectangle: PixelRectangle { PixelRectangle(x: 0, y: 0, width: width, height: height) }

  /// Refuses a result that is larger than pictures may be.
  func requireUsable(by operation: String) throws(AugmentationError) {
    // A picture of more could not be read again.
    if longer > Self.longest || width * height > DecodingLimits().maximumPixels {
      throw .tooLarge(operation: operation, result: description, limit: Self.longest)
    }
  }

  /// Refuses a part that is larger than the picture.
  func requireRoom(for part: PixelSize, in operation: String) throws(AugmentationError) {
    if part.width > width || part.height > height {
      throw .cropTooLarge(
        operation: operation, crop: part.description, picture: description)
    }
  }
}

extension OperationOption {
  /// Columns of the result.
  static func width(_ path: OptionPath<Operation, Int>) -> Self {
    .integer("width", path, in: 1...PixelSize.longest, required: true, "Columns of the result.")
  }

  /// Rows of the result.
  static func height(_ path: OptionPath<Operation, Int>) -> Self {
    .integer("height", path, in: 1...PixelSize.longest, required: true, "Rows of the result.")
  }

  /// How levels between pixels are found when sizes change.
  static func resampling(_ path: OptionPath<Operation, Resampling>) -> Self {
    .choice(
      "resampling", path,
      "How levels between pixels are found; all but 'nearest' take means when they shrink.")
  }

  /// How levels between pixels are found when pictures are turned or bent.
  static func interpolation(_ path: OptionPath<Operation, Interpolation>) -> Self {
    .choice("interpolation", path, "How levels between pixels are found.")
  }

  /// What stands where there is no pixel.
  static func border(_ path: OptionPath<Operation, Border>) -> Self {
    .choice(
      "border", path,
      "What stands where the picture has no pixel: the level 'fill' (0 in masks), the nearest"
        + " pixel, or the picture mirrored.")
  }

  /// The level where there is no pixel.
  static func fill(_ path: OptionPath<Operation, Int>) -> Self {
    .integer("fill", path, in: 0...255, "The level where the picture has no pixel.")
  }
}
