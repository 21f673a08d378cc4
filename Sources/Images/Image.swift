/// A picture of 8-bit samples, rows from the top, channels interleaved: `[height, width, channels]`.
public struct Image: Sendable, Equatable {
  /// Columns, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 grey, 2 grey and alpha, 3 red green blue, 4 red green blue alpha (alpha not premultiplied).
  public let channels: Int
  /// Samples in 0…255, `height * width * channels` of them; traps if their number changes.
  ///
  /// Changed in place, also from other modules, where an observer would copy all for each change.
  @inlinable public var samples: [UInt8] {
    get { storage }
    _modify {
      defer { requireFit() }
      yield &storage
    }
  }

  @usableFromInline var storage: [UInt8]

  /// Creates a picture.
  ///
  /// Traps if the samples do not fit the extents.
  public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
    precondition(width > 0 && height > 0, "picture of \(width)×\(height)")
    precondition((1...4).contains(channels), "picture of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
    storage = samples
    requireFit()
  }

  @inlinable @inline(__always) func requireFit() {
    precondition(
      samples.count == width * height * channels,
      "\(samples.count) samples for \(width)×\(height)×\(channels)")
  }

  /// Creates a picture of one value everywhere.
  public init(width: Int, height: Int, channels: Int, repeating sample: UInt8 = 0) {
    self.init(
      width: width, height: height, channels: channels,
      samples: [UInt8](repeating: sample, count: width * height * channels))
  }

  /// Sample at a position, counted from the top left.
  ///
  /// Traps outside the picture.
  public subscript(x: Int, y: Int, channel: Int) -> UInt8 {
    get { samples[index(x, y, channel)] }
    set { samples[index(x, y, channel)] = newValue }
  }

  private func index(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    precondition(
      (0..<width).contains(x) && (0..<height).contains(y) && (0..<channels).contains(channel),
      "sample (\(x), \(y), \(channel)) of \(width)×\(height)×\(channels)")
    return (y * width + x) * channels + channel
  }
}
