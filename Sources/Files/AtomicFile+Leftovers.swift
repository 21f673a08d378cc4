import Glibc

extension AtomicFile {
  /// Removes temporary files that writers left in a folder when they were killed.
  ///
  /// A file whose writer is at work, in this process or another one, stays.
  /// - Returns: How many were removed; none where the folder cannot be listed.
  @discardableResult
  package static func removeLeftovers(in folder: String) -> Int {
    let names = (try? FolderNames.list(folder)) ?? []
    let leftovers = names.filter { isTemporary($0) }.map { "\(folder)/\($0)" }
    return leftovers.count(where: removeIfAbandoned)
  }

  private static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(temporaryPrefix) else { return false }
    let numbers = name.dropFirst(temporaryPrefix.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { Int($0) != nil }
  }

  private static func removeIfAbandoned(_ path: String) -> Bool {
    guard let file = try? FileDescriptor(opening: path, flags: O_RDWR, to: .write, as: path),
      case .set = file.mark(), file.isNamed(path)
    else { return false }
    // While the mark holds: the name may have led to another file before it, and may after it.
    return withExtendedLifetime(file) { unlink(path) == 0 }
  }
}
