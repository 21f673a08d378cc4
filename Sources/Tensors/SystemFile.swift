import Foundation

/// Files in which the kernel says how things stand.
enum SystemFile {
  /// What a file holds; nothing if it is not there.
  static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The number that a file holds; nil for a word such as `max`.
  static func number(_ path: String) -> Int? {
    Int(text(path).trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
