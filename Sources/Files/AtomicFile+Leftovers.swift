#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AtomicFile {
  /// Removes temporary files that writers left in a folder when they were killed.
  ///
  /// A file whose writer is at work, in this process or another one, stays.
  /// - Returns: How many were removed; none where the folder cannot be listed.
  @discardableResult
  package static func removeLeftovers(in folder: String) -> Int {
    guard let listing = opendir(folder) else { return 0 }
    defer { closedir(listing) }
    var leftovers: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isTemporary(name) { leftovers.append("\(folder)/\(name)") }
    }
    return leftovers.count { isAbandoned($0) && unlink($0) == 0 }
  }

  private static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(temporaryPrefix) else { return false }
    let numbers = name.dropFirst(temporaryPrefix.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { Int($0) != nil }
  }

  private static func isAbandoned(_ path: String) -> Bool {
    let file = try? FileDescriptor(opening: path, flags: O_RDWR, to: .write, as: path)
    return file?.lock() ?? false
  }
}
