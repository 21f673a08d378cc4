import Foundation

/// Folders as the file system has them.
enum FolderListing {
  /// Makes a folder and those above it, as far as they are missing.
  static func create(_ path: String) throws(DatasetError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .inaccessible(path, reason: reason(of: error))
    }
  }

  /// Names in a folder, hidden ones left out, in the order of their bytes.
  static func names(in path: String) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw .inaccessible(path, reason: reason(of: error))
    }
  }

  /// What a path names, symbolic links followed; nil if it names nothing.
  static func entry(at path: String) -> Entry? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return Entry(
      isFolder: kind == S_IFDIR, isFile: kind == S_IFREG,
      identity: .init(device: UInt64(status.st_dev), number: UInt64(status.st_ino)))
  }

  /// Something in the file system.
  struct Entry {
    /// What two paths to the same thing have in common.
    struct Identity: Hashable {
      let device: UInt64
      let number: UInt64
    }

    let isFolder: Bool
    let isFile: Bool
    let identity: Identity
  }

  private static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }
    return code.map { String(cString: strerror($0)) } ?? "the system refused"
  }
}
