import Files
import Foundation
import Tensors

// The unsafe room of this target: maps of activations outside the tensors' pool, in memory or in a
// file that has no name any more.

/// The rows of a map of activations, written and read in strips.
///
/// `@unchecked Sendable`: an evaluation waits for a strip's writing before it reads or writes
/// further rows.
final class RowStore: @unchecked Sendable {
  let height: Int, width: Int, channels: Int
  private let place: Place

  private enum Place {
    case memory(UnsafeMutableRawPointer)
    case file(Int32, folder: String)
  }

  /// Bytes of all rows.
  var byteCount: Int { height * rowBytes }
  private var rowBytes: Int { width * channels * MemoryLayout<Float>.stride }

  /// Takes memory.
  init(height: Int, width: Int, channels: Int) {
    (self.height, self.width, self.channels) = (height, width, channels)
    let bytes = height * width * channels * MemoryLayout<Float>.stride
    place = .memory(UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64))
  }

  /// Makes a file in a folder and takes its name away at once, so that nothing of it remains
  /// however this process ends.
  init(height: Int, width: Int, channels: Int, folder: String) throws(TranslationError) {
    (self.height, self.width, self.channels) = (height, width, channels)
    var template = Array((FilePaths.join(folder, ".cyclegan-scratch-XXXXXX")).utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw .scratch(folder: folder, reason: String(cString: strerror(errno)))
    }
    unlink(template)
    place = .file(descriptor, folder: folder)
  }

  deinit {
    switch place {
    case .memory(let pointer): pointer.deallocate()
    case .file(let descriptor, _): close(descriptor)
    }
  }

  /// Writes rows `[1, rows, width, channels]` from `first` on.
  func write(_ strip: Tensor, from first: Int) throws(TranslationError) {
    let count = strip.shape.height * rowBytes
    precondition(first * rowBytes + count <= byteCount, "rows beyond the end of \(height)")
    try strip.withPointer { pointer throws(TranslationError) in
      let source = UnsafeRawPointer(pointer)
      switch place {
      case .memory(let target):
        (target + first * rowBytes).copyMemory(from: source, byteCount: count)
      case .file(let descriptor, let folder):
        try Self.whole(count, first * rowBytes, folder) { pwrite(descriptor, source + $0, $1, $2) }
      }
    }
  }

  /// Reads rows into a strip, `offset` rows below its top.
  func read(_ rows: Range<Int>, into strip: inout Tensor, at offset: Int = 0)
    throws(TranslationError)
  {
    let count = rows.count * rowBytes
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= height
        && offset + rows.count <= strip.shape.height,
      "rows \(rows) of \(height) into \(strip.shape)")
    try strip.withMutablePointer { pointer throws(TranslationError) in
      let target = UnsafeMutableRawPointer(pointer) + offset * rowBytes
      switch place {
      case .memory(let source):
        target.copyMemory(from: source + rows.lowerBound * rowBytes, byteCount: count)
      case .file(let descriptor, let folder):
        try Self.whole(count, rows.lowerBound * rowBytes, folder) {
          pread(descriptor, target + $0, $1, $2)
        }
      }
    }
  }

  /// Repeats a system call until all bytes are through.
  private static func whole(
    _ count: Int, _ start: Int, _ folder: String, _ call: (Int, Int, off_t) -> Int
  ) throws(TranslationError) {
    var done = 0
    while done < count {
      let part = call(done, count - done, off_t(start + done))
      if part < 0, errno == EINTR { continue }
      guard part > 0 else {
        let reason = part == 0 ? "the file ends too early" : String(cString: strerror(errno))
        throw .scratch(folder: folder, reason: reason)
      }
      done += part
    }
  }
}

extension Tensor {
  /// Some rows of `[1, H, W, C]`, copied; the tensor itself if these are all.
  func rows(_ range: Range<Int>) -> Tensor {
    if range == 0..<shape.height { return self }
    precondition(
      shape.batch == 1 && range.lowerBound >= 0 && range.upperBound <= shape.height,
      "rows \(range) of \(shape)")
    let row = shape.width * shape.channels
    var part = Tensor(
      uninitialized: Shape(
        batch: 1, height: range.count, width: shape.width, channels: shape.channels))
    part.withMutablePointer { target in
      withPointer { target.update(from: $0 + range.lowerBound * row, count: range.count * row) }
    }
    return part
  }
}
