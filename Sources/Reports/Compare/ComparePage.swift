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
    guard let before = try? ImageFile.read(pair.before),
      let after = try? ImageFile.read(pair.after)
    else { return nil }
    let (width, height) = previewExtents(of: after)
    guard let first = preview(before, width, height), let second = preview(after, width, height)
    else { return nil }
    return ComparePageText.figure(pair, before: first, after: second, width: width, height: height)
  }

  /// The more pictures, the smaller, so that a browser can still open the page.
  private var longestSide: Int { pairs.count <= 300 ? 640 : pairs.count <= 1500 ? 320 : 192 }

  private func previewExtents(of image: Image) -> (width: Int, height: Int) {
    let longest = max(image.width, image.height)
    guard longest > longestSide else { return (image.width, image.height) }
    func scaled(_ side: Int) -> Int { max(1, side * longestSide / longest) }
    return (scaled(image.width), scaled(image.height))
  }

  private func preview(_ image: Image, _ width: Int, _ height: Int) -> String? {
    let small = image.resized(width: width, height: height).composited(over: [255])
    return (try? JPEG.encode(small, quality: 85)).map { Data($0).base64EncodedString() }
  }
}
