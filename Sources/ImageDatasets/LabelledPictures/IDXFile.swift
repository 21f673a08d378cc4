import Files
import Images

/// An array of bytes in the format of the MNIST files, packed by gzip or not.
///
/// Two zero bytes, the type of the elements (8: unsigned bytes), the number of extents, each
/// extent as a big-endian 32-bit number, then the elements, outermost extent first.
/// - SeeAlso: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
struct IDXFile: Equatable {
  /// The extents, outermost first.
  let extents: [Int]
  /// The elements, as many as the product of the extents.
  let elements: [UInt8]

  /// Reads a file that must have so many extents, the first of them at least 1.
  ///
  /// - Throws: `FileError` or `IDXError`.
  init(_ path: String, rank: Int) throws {
    try self.init(WholeFile.read(path, limit: Self.byteLimit), rank: rank, name: path)
  }

  /// Reads the bytes of a file.
  init(_ bytes: [UInt8], rank: Int, name: String) throws(IDXError) {
    var bytes = bytes
    if bytes.starts(with: [0x1f, 0x8b]) {
      guard let unpacked = gzipUnpacked(bytes, limit: Self.byteLimit) else {
        throw IDXError(name, .damagedGzip)
      }
      bytes = unpacked
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw IDXError(name, .noSignature(firstBytes: Array(bytes.prefix(4))))
    }
    guard bytes[2] == 8 else { throw IDXError(name, .elementType(bytes[2])) }
    guard bytes[3] == rank else { throw IDXError(name, .rank(Int(bytes[3]), expected: rank)) }
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw IDXError(name, .byteCount(bytes.count, expected: start))
    }
    extents = stride(from: 4, to: start, by: 4).map { at in
      bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var expected = 1
    for extent in extents {
      let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { throw IDXError(name, .extents(extents)) }
      expected = product
    }
    guard bytes.count - start == expected else {
      throw IDXError(name, .byteCount(bytes.count, expected: expected + start))
    }
    elements = Array(bytes[start...])
  }

  /// More than any such file in use.
  private static let byteLimit = 1 << 31
}

/// A file that should hold an array of bytes, and does not.
public struct IDXError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with it.
  public enum Reason: Equatable, Sendable {
    /// It looks like gzip, and cannot be unpacked.
    case damagedGzip
    /// It does not start with two zero bytes.
    case noSignature(firstBytes: [UInt8])
    /// Its elements are not unsigned bytes.
    case elementType(UInt8)
    /// It holds labels where pictures are expected, or the reverse, or something else.
    case rank(Int, expected: Int)
    /// An extent is zero, or all together are absurd.
    case extents([Int])
    /// Its length does not fit its extents.
    case byteCount(Int, expected: Int)
    /// There are more or fewer labels than pictures.
    case labelCount(Int, pictures: Int)
    /// Nothing says which file holds the labels.
    case noLabels(looked: [String])
  }

  /// The file.
  public let name: String
  /// What is wrong with it.
  public let reason: Reason

  init(_ name: String, _ reason: Reason) {
    self.name = name
    self.reason = reason
  }

  /// The file, the reason and the remedy, in a line.
  public var description: String { "\(name): \(cause)" }

  private var cause: String {
    switch reason {
    case .damagedGzip: "damaged: gzip cannot unpack it. Fetch it again."
    case .noSignature(let bytes):
      bytes.isEmpty
        ? "empty. Fetch the file again."
        : "no IDX file (it starts with \(bytes)). Give an images file such as train-images-idx3-ubyte."
    case .elementType(let type):
      "elements of type \(type). Only unsigned bytes, type 8, are read."
    case .rank(let rank, let expected):
      "an array of \(rank) extents, not \(expected)."
        + " Pictures have 3 (idx3), labels 1 (idx1): check which file is which."
    case .extents(let extents): "extents of \(extents). Fetch the file again."
    case .byteCount(let count, let expected):
      "\(count) bytes, not \(expected). Fetch the file again."
    case .labelCount(let count, let pictures):
      "\(count) labels for \(pictures) pictures. Take both files from one place."
    case .noLabels(let looked):
      "no labels beside it. Put \(looked.joined(separator: " or ")) there."
    }
  }
}
