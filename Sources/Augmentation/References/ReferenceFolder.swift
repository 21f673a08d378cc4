import Files
import Images
import Synchronization

/// Pictures of a folder that operations borrow from; the folder is listed when first needed.
///
/// A file that turns out not to be a readable picture is passed over for the next one.
public final class ReferenceFolder: Sendable {
  /// The folder, as the caller named it.
  public let path: String
  private let state = Mutex(State())

  private struct State {
    var names: [String]?
    /// Why files cannot be used, by their numbers.
    var broken: [Int: String] = [:]
  }

  /// Creates the pictures of a folder.
  public init(_ path: String) { self.path = path }

  /// How many PNG and JPEG files there are, the folder searched recursively.
  ///
  /// - Throws: `AugmentationError` if there are none.
  func count(for operation: String) throws(AugmentationError) -> Int {
    try listing(for: operation).count
  }

  /// A picture, in the order of their names' bytes, or the next one after it that can be read;
  /// numbers go round.
  ///
  /// - Throws: `AugmentationError` if none can be read.
  func picture(_ number: Int, for operation: String) throws(AugmentationError) -> Image {
    let names = try listing(for: operation)
    let first = (number % names.count + names.count) % names.count
    for offset in 0..<names.count {
      let candidate = (first + offset) % names.count
      if state.withLock({ $0.broken[candidate] != nil }) { continue }
      do {
        return try ImageFile.read("\(path)/\(names[candidate])")
      } catch let error as FileError where error.isPassing {
        throw .failed(operation: operation, reason: "\(error)")
      } catch {
        state.withLock { $0.broken[candidate] = "\(error)" }
      }
    }
    let reason = state.withLock { $0.broken[first] } ?? ""
    throw .noReferences(
      operation: operation, folder: path,
      reason: "none of its \(names.count) files can be read (\(reason))")
  }

  private func listing(for operation: String) throws(AugmentationError) -> [String] {
    if let known = state.withLock({ $0.names }) { return known }
    var found: [String] = []
    try FolderWalk.files(
      in: path,
      onUnlistable: { error throws(AugmentationError) in
        throw .noReferences(
          operation: operation, folder: error.path, reason: "it cannot be listed: \(error.cause)")
      },
      visit: { if ImageFormat(extensionOf: $0) != nil { found.append($0) } })
    // By whole names, where a folder stands behind a file that it is the beginning of.
    found.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if found.isEmpty {
      throw .noReferences(operation: operation, folder: path, reason: "it holds no pictures")
    }
    state.withLock { $0.names = found }
    return found
  }
}

extension Image {
  /// The picture with the size and the channels of another one; a new alpha is opaque.
  func fitted(to other: Image) -> Image {
    resized(width: other.width, height: other.height, by: .bilinear)
      .converted(toChannels: other.channels)
  }
}
