import Foundation
import Images
import Testing

/// The recorded pictures beside the tests.
enum Goldens {
  static let remedy = "Recorded by Scripts/record-image-goldens.py, which can record it again."

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  static func image(_ name: String) throws -> Image {
    try ImageFile.decode(bytes(name), name: name)
  }

  static func names(_ isWanted: (String) -> Bool) -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (all ?? []).filter(isWanted).sorted()
  }
}

extension Image {
  /// The greatest difference between samples, or `nil` if the pictures differ in extents.
  func greatestDifference(from other: Image) -> Int? {
    guard width == other.width, height == other.height, channels == other.channels else {
      return nil
    }
    return zip(samples, other.samples).map { abs(Int($0) - Int($1)) }.max()
  }
}
