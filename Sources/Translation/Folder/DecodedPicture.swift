import Files
import Foundation
import Images

/// A picture as it was read, and when its file was written.
struct DecodedPicture: Sendable {
  let picture: StoredPicture
  let times: FileTimes

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - size: What its shorter side is scaled to; nil for none.
  ///   - acceptsDamage: Whether a part of the picture may be missing.
  init(_ path: String, scaledTo size: Int?, acceptsDamage: Bool) throws {
    times = FileTimes(of: path)
    let bytes = try WholeFile.read(path, limit: DecodingLimits().maximumBytes)
    var picture = try StoredPicture(decoding: bytes, name: path, acceptsDamage: acceptsDamage)
    if let size { try picture.scale(shorterSide: size, name: path) }
    self.picture = picture
  }
}

/// When a file was last read and written.
struct FileTimes: Sendable {
  private let accessed: timespec, modified: timespec
  private let isKnown: Bool

  init(of path: String) {
    var status = stat()
    isKnown = stat(path, &status) == 0
    #if os(Linux)
      (accessed, modified) = (status.st_atim, status.st_mtim)
    #else
      (accessed, modified) = (status.st_atimespec, status.st_mtimespec)
    #endif
  }

  /// Gives another file these times; where the system refuses, it keeps its own.
  func apply(to path: String) {
    guard isKnown else { return }
    utimensat(AT_FDCWD, path, [accessed, modified], 0)
  }
}
