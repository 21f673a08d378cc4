import Glibc

/// Where a program's words to a person go.
public struct Terminal: Sendable {
  /// Standard error, for progress and messages: standard output stays free for results.
  public static let standardError = Terminal(descriptor: STDERR_FILENO)

  private let descriptor: Int32

  /// Whether a person looks at it, and a line can be rewritten.
  public var isTerminal: Bool {
    guard isatty(descriptor) == 1 else { return false }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
  }

  /// Columns; 80 where that is not known.
  public var width: Int {
    var size = winsize()
    let request = UInt(TIOCGWINSZ)
    guard ioctl(descriptor, request, &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text as it is.
  ///
  /// Nobody can be told when that fails, so a failure is ignored.
  public func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}

// The member of this name would hide it inside the type.
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = write(_:_:_:)
