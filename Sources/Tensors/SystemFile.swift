import Foundation

/// Files in which the kernel says how things stand.
enum SystemFile {
  /// What a file holds; nothing if it is not there.
  static func text(_ path: String) -> String {
    // A process may be called by bytes that are no text.
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The number that a file holds; nil for a word such as `max`.
  static func number(_ path: String) -> Int? {
    Int(text(path).trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
