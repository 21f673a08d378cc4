import Files
import Foundation
import ImageDatasets
import Images
import Tensors

/// A page that shows pictures before and after a translation, with a slider between the two.
///
/// It is one file that needs no other: styles, script and small copies of the pictures are in it,
/// so that it can be opened from a disk, sent and kept.
public struct ComparePage: Sendable {
  /// A picture and one translation of it.
  public struct Pair: Sendable {
    /// What it is found by: the picture's name in its folder.
    public let name: String
    /// The domain it was translated to; empty where there is but one.
    public let domain: String
    /// The file before.
    public let before: String
    /// The file after.
    public let after: String

    /// Names the two files.
    public init(name: String, domain: String, before: String, after: String) {
      self.name = name
      self.domain = domain
      self.before = before
      self.after = after
    }
  }

  private let title: String
  private let pairs: [Pair]

  /// Plans a page.
  public init(title: String, pairs: [Pair]) {
    self.title = title
    self.pairs = pairs
  }

  /// Writes the page.
  ///
  /// Pairs of which a file is missing or cannot be read are left out.
  /// - Returns: How many pairs the page shows.
  /// - Throws: `FileError` if the page cannot be written.
  @discardableResult
  public func write(to path: String) throws -> Int {
    var shown = 0
    try AtomicFile.write(to: path) { writer in
      try writer.write(Array(ComparePageText.beginning(title: title).utf8))
      // Some at a time, on all cores.
      for start in stride(from: 0, to: pairs.count, by: 64) {
        for figure in figures(Array(pairs[start..<min(start + 64, pairs.count)])) {
          try writer.write(Array(figure.utf8))
          shown += 1
        }
      }
      try writer.write(Array(ComparePageText.end.utf8))
    }
    return shown
  }

  private func figures(_ pairs: [Pair]) -> [String] {
    ParallelWork.results(count: pairs.count, threads: SystemCores.count) { figure(pairs[$0]) }
      .compactMap(\.self)
  }

  private func figure(_ pair: Pair) -> String? {
    guard let before = picture(pair.before), let after = picture(pair.after) else { return nil }
    let (width, height) = previewExtents(of: after.pixels)
    guard let first = preview(before, width, height), let second = preview(after, width, height)
    else { return nil }
    return ComparePageText.figure(pair, before: first, after: second, width: width, height: height)
  }

  /// What was translated although it is broken is shown, too.
  private func picture(_ path: String) -> StoredPicture? {
    guard let bytes = try? WholeFile.read(path, limit: DecodingLimits().maximumBytes)
    else { return nil }
    return try? StoredPicture(decoding: bytes, name: path, acceptsDamage: true)
  }

  /// The more pictures, the smaller, so that a browser can still open the page.
  private var longestSide: Int { pairs.count <= 300 ? 640 : pairs.count <= 1500 ? 320 : 192 }

  private func previewExtents(of pixels: Pixels) -> (width: Int, height: Int) {
    let longest = max(pixels.width, pixels.height)
    guard longest > longestSide else { return (pixels.width, pixels.height) }
    func scaled(_ side: Int) -> Int { max(1, (side * longestSide + longest / 2) / longest) }
    return (scaled(pixels.width), scaled(pixels.height))
  }

  /// A small JPEG file in base 64, its levels meant as the picture's.
  private func preview(_ picture: StoredPicture, _ width: Int, _ height: Int) -> String? {
    let small = picture.pixels.image.resized(width: width, height: height).composited(over: [255])
    guard let bytes = try? JPEG.encode(small, quality: 85) else { return nil }
    // Profiles are a few kilobytes; a scanner's, of a megabyte, would be most of the page.
    let colors = picture.metadata.colors
    let told =
      colors.profile.count > 1 << 16
      ? bytes
      : colors.added(toJPEG: bytes, colors: small.channels)
    return Data(told).base64EncodedString()
  }
}
