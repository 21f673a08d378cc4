import Foundation
import Tensors

/// How much memory a translation may use.
///
/// Pictures that need more are translated in strips, with the same result.
public struct MemoryLimit: Sendable, Equatable {
  /// Bytes that the whole process may use.
  public let bytes: Int
  /// Where maps of activations wait that do not fit; a file there has no name.
  public let scratchFolder: String
  /// Bytes that are left to translate with: the limit less what the process had in memory when it
  /// was set.
  ///
  /// What it has later is no measure, since memory that was used once is kept to be used again.
  let roomBytes: Int

  /// Sets a limit.
  ///
  /// - Parameters:
  ///   - bytes: Bytes that the whole process may use; nil for half of what is free.
  ///   - translators: How many translators at work at a time share what is left.
  ///   - scratchFolder: nil for `TMPDIR`, else `/var/tmp`, which unlike `/tmp` is never in memory.
  public init(bytes: Int? = nil, sharedBy translators: Int = 1, scratchFolder: String? = nil) {
    let resident = SystemMemory.residentBytes
    self.bytes = bytes ?? resident + SystemMemory.freeBytes / 2
    roomBytes = (self.bytes - resident) / translators
    self.scratchFolder =
      scratchFolder ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
  }
}
