import Dispatch
import Files
import Foundation
import ImageDatasets
import Synchronization

// One of this target's two unsafe rooms: bytes between this process and another one.

/// A program that runs beside this one, with a stream of bytes from it or to it.
///
/// `@unchecked Sendable`: the process is started and ended by its owner; the stream is used by one
/// thread at a time, since a film waits for a frame before it asks for the next one.
final class Subprocess: @unchecked Sendable {
  /// Which way bytes go.
  enum Direction { case reading, writing }

  private let process = Process()
  private var stream: Int32
  private let errors: Pending<String>

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: The program.
  ///   - arguments: What follows its name.
  ///   - direction: Whether its output is read here, or its input written.
  init(_ path: String, _ arguments: [String], _ direction: Direction) throws(VideoError) {
    // A socket, not a pipe: a program that ends early must not end this one by a signal.
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw .unusableProgram(path, reason: String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    stream = ends[0]
    let theirs = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    let words = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = direction == .writing ? theirs : FileHandle.nullDevice
    process.standardOutput = direction == .reading ? theirs : FileHandle.nullDevice
    process.standardError = words
    do { try process.run() } catch {
      close(ends[0])
      throw .unusableProgram(path, reason: error.localizedDescription)
    }
    try? theirs.close()
    let reader = words.fileHandleForReading
    // On a queue of its own: those of the global one are as few as the cores, and would be lacking.
    errors = Pending(on: DispatchQueue(label: "cyclegan.errors")) {
      String(decoding: (try? reader.readToEnd()) ?? Data(), as: UTF8.self)
    }
  }

  deinit {
    cancel()
    closeStream()
  }

  /// Ends the program at once.
  func cancel() {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Closes this side's end of the stream.
  func closeStream() {
    guard stream >= 0 else { return }
    close(stream)
    stream = -1
  }

  /// Waits for the end of the program.
  ///
  /// - Returns: nil if it says that all went well, else its last words.
  func failure() -> String? {
    process.waitUntilExit()
    let name = process.executableURL?.lastPathComponent ?? "the program"
    switch process.terminationReason {
    case .exit where process.terminationStatus == 0: return nil
    case .exit: return lastWords ?? "\(name) ended with status \(process.terminationStatus)"
    default: return "\(name) was ended by signal \(process.terminationStatus)"
    }
  }

  /// The first line that the program wrote to its standard error, which is mostly the cause, and the
  /// last one, once it has ended; nil for none.
  var lastWords: String? {
    let lines = ((try? errors.value()) ?? "").split(whereSeparator: \.isNewline).map(Self.bare)
      .filter { !$0.isEmpty }
    guard let first = lines.first, let last = lines.last else { return nil }
    return first == last ? String(first) : "\(first) … \(last)"
  }

  /// A line without the part of the program that it comes from: `[mp4 @ 0x55d0c8] `.
  private static func bare(_ line: Substring) -> Substring {
    guard line.hasPrefix("["), let end = line.firstRange(of: "] ")?.upperBound else { return line }
    return bare(line[end...])
  }

  /// The next bytes, fewer than `count` only at the end.
  func read(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = recv(stream, buffer.baseAddress! + filled, count - filled, 0)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { return }
        filled += got
      }
    }
  }

  /// Gives bytes to the program; false if it takes no more.
  func write(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let put = send(
          stream, buffer.baseAddress! + done, buffer.count - done, Int32(MSG_NOSIGNAL))
        if put < 0, errno == EINTR { continue }
        guard put > 0 else { return false }
        done += put
      }
      return true
    }
  }
}
