/// The pixels of a picture, as deep as they were stored.
public enum Pixels: Sendable, Equatable {
  /// Samples of 8 bits.
  case bytes(Image)
  /// Samples of 16 bits.
  case words(DeepImage)

  /// Columns.
  public var width: Int {
    switch self {
    case .bytes(let image): image.width
    case .words(let image): image.width
    }
  }

  /// Rows.
  public var height: Int {
    switch self {
    case .bytes(let image): image.height
    case .words(let image): image.height
    }
  }

  /// 1 grey, 2 grey and alpha, 3 red green blue, 4 red green blue alpha.
  public var channels: Int {
    switch self {
    case .bytes(let image): image.channels
    case .words(let image): image.channels
    }
  }

  /// Whether the last channel is alpha.
  public var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// Whether the picture has no colours.
  public var isGrey: Bool { channels <= 2 }

  /// Bytes of memory.
  public var byteCount: Int {
    switch self {
    case .bytes(let image): image.samples.count
    case .words(let image): 2 * image.samples.count
    }
  }

  /// The picture in samples of 8 bits.
  public var image: Image {
    switch self {
    case .bytes(let image): image
    case .words(let image): image.rounded
    }
  }

  /// The picture that was stored with an orientation, made to stand upright.
  public func applying(_ orientation: Orientation) -> Pixels {
    switch self {
    case .bytes(let image): .bytes(image.applying(orientation))
    case .words(let image): .words(image.applying(orientation))
    }
  }

  /// The picture scaled bicubically to another size.
  public func resized(width: Int, height: Int) -> Pixels {
    switch self {
    case .bytes(let image): .bytes(image.resized(width: width, height: height))
    case .words(let image): .words(image.resized(width: width, height: height))
    }
  }
}
