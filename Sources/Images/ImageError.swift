/// A picture that could not be decoded or encoded, why, and what to do about it.
public struct ImageError: Error, Equatable, CustomStringConvertible {
  /// Why it failed.
  public enum Reason: Equatable, Sendable {
    /// The first bytes are those of no format that is read; `guess` names a format they fit.
    case unknownFormat(firstBytes: [UInt8], guess: String?)
    /// The file's name ends in nothing that says which format to write.
    case unknownExtension
    /// Nothing of the picture can be recovered.
    case invalid(detail: String)
    /// A part of the picture is missing.
    case damaged(detail: String)
    /// The file is of a kind that the library does not read, or the picture of one it cannot write.
    case unsupported(detail: String)
    /// The picture has more pixels than the limit allows.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// The picture would have more pixels than the limit allows once it is scaled as asked.
    case tooManyScaledPixels(width: Int, height: Int, limit: Int)
    /// So few bytes cannot hold so many pixels.
    case tooFewBytes(width: Int, height: Int, bytes: Int)
    /// Memory ran out.
    case outOfMemory
  }

  /// The file or whatever else the bytes came from.
  public let name: String
  /// Why it failed.
  public let reason: Reason

  /// Whether a part of the picture is there.
  public var isDamage: Bool { if case .damaged = reason { true } else { false } }

  /// Creates an error of its facts.
  public init(_ name: String, _ reason: Reason) {
    self.name = name
    self.reason = reason
  }

  /// The file, the reason and the remedy, in a line.
  public var description: String { "\(name): \(cause). \(remedy)" }

  private var cause: String {
    switch reason {
    case .unknownFormat(_, let guess?): "a \(guess) file, neither PNG nor JPEG"
    case .unknownFormat(let bytes, nil) where bytes.isEmpty: "an empty file"
    case .unknownFormat(let bytes, nil): "neither PNG nor JPEG (it starts with \(Self.hex(bytes)))"
    case .unknownExtension: "the name does not say which format to write"
    case .invalid(let detail): "not a readable picture (\(detail))"
    case .damaged(let detail): "a part of the picture is missing (\(detail))"
    case .unsupported(let detail): "an unsupported kind of picture (\(detail))"
    case .tooManyPixels(let width, let height, let limit):
      "\(width)×\(height) pixels are more than the limit of \(limit)"
    case .tooManyScaledPixels(let width, let height, let limit):
      "at the size asked for it would have \(width)×\(height) pixels, more than the limit of \(limit)"
    case .tooFewBytes(let width, let height, let bytes):
      "\(bytes) bytes cannot hold the \(width)×\(height) pixels that its header claims"
    case .outOfMemory: "memory ran out"
    }
  }

  private var remedy: String {
    switch reason {
    case .unknownFormat(let bytes, _) where bytes.isEmpty: "Replace or remove the file."
    case .unknownFormat, .unsupported: "Convert it to an ordinary PNG or JPEG."
    case .unknownExtension: "End it in .png, .jpg or .jpeg."
    case .invalid, .tooFewBytes: "Replace or remove the file."
    case .damaged: "Replace the file, or save it anew in a program that opens it."
    case .tooManyPixels: "Scale it down."
    case .tooManyScaledPixels: "Ask for a smaller size."
    case .outOfMemory: "Use a smaller picture, or close other programs."
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
