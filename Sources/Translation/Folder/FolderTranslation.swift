import Files
import Foundation
import Images

/// Translates a picture or all pictures of a folder into another folder.
///
/// Outputs keep their names relative to the input folder, their format and their size. The next
/// pictures are decoded and the last ones encoded on other threads while one is translated. A
/// picture that cannot be read is left out and the rest are done.
public struct FolderTranslation: Sendable {
  /// What happens on the way, in the order of the names.
  public enum Event: Sendable, Equatable {
    /// So many pictures will be translated; so many others have their output already.
    case began(pictures: Int, kept: Int)
    /// A picture's translation is written.
    case translated(input: String, output: String)
    /// A picture was left out.
    case failed(input: String, reason: String)
  }

  /// What became of the pictures.
  public struct Summary: Sendable, Equatable {
    /// Pictures translated.
    public internal(set) var translated = 0
    /// Pictures whose output was there already.
    public internal(set) var kept = 0
    /// Pictures that were left out.
    public internal(set) var failures: [Failure] = []
  }

  /// A picture that was left out.
  public struct Failure: Sendable, Equatable {
    /// The file.
    public let input: String
    /// What is wrong with it.
    public let reason: String
  }

  /// Whether outputs that are there already are made again.
  public var overwrites = false
  /// Quality of JPEG outputs, 1…100.
  public var quality = 95

  /// Pictures decoded ahead, and encoded behind, of the one that is being translated.
  private static let depth = 2

  /// Creates a translation that leaves existing outputs alone.
  public init() {}

  /// Translates.
  ///
  /// - Parameters:
  ///   - input: A picture, or a folder, searched recursively.
  ///   - output: The folder to write, made if missing; or, for one picture, the file. It may lie in
  ///     the input folder: what lies in it is not taken for input.
  ///   - translate: Makes the translation of a picture; called on this thread.
  ///   - onEvent: Called on this thread.
  /// - Throws: `TranslationError` or `DatasetError` if the work cannot begin; `FileError` if an
  ///   output cannot be written, which ends the work.
  public func run(
    input: String, output: String, translate: (Image) throws -> Image,
    onEvent: (Event) -> Void = { _ in }
  ) throws -> Summary {
    let plan = try TranslationPlan(input: input, output: output)
    let items = overwrites ? plan.items : plan.items.filter { !Self.exists($0.output) }
    var summary = Summary()
    summary.kept = plan.items.count - items.count
    onEvent(.began(pictures: items.count, kept: summary.kept))

    var decoding: [Pending<Decoded>] = []
    var writing: [(item: TranslationPlan.Item, work: Result<Pending<Void>, any Error>)] = []
    func settleFirst() throws {
      let (item, work) = writing.removeFirst()
      try settle(item, &summary, onEvent) { try work.get().value() }
    }
    for (index, item) in items.enumerated() {
      for next in items[(index + decoding.count)...].prefix(Self.depth + 1 - decoding.count) {
        decoding.append(Pending { try Decoded(next) })
      }
      let source = decoding.removeFirst()
      let work = Result {
        let decoded = try source.value()
        let translation = try translate(decoded.picture)
        return Pending { try write(translation, decoded.format, to: item.output) }
      }
      writing.append((item, work))
      if writing.count > Self.depth { try settleFirst() }
    }
    while !writing.isEmpty { try settleFirst() }
    return summary
  }

  /// Counts a picture as done or left out; throws what concerns all pictures.
  private func settle(
    _ item: TranslationPlan.Item, _ summary: inout Summary, _ onEvent: (Event) -> Void,
    _ work: () throws -> Void
  ) throws {
    do {
      try work()
      summary.translated += 1
      onEvent(.translated(input: item.input, output: item.output))
    } catch let error as FileError where error.operation == .write {
      throw error
    } catch let error as TranslationError {
      throw error
    } catch {
      summary.failures.append(Failure(input: item.input, reason: "\(error)"))
      onEvent(.failed(input: item.input, reason: "\(error)"))
    }
  }

  private func write(_ picture: Image, _ format: ImageFormat, to path: String) throws {
    try TranslationPlan.create(TranslationPlan.folder(of: path))
    // JPEG holds no alpha; where it is asked for, what shows through is white.
    let opaque = format == .jpeg ? picture.composited(over: [255]) : picture
    try ImageFile.write(opaque, to: path, format: format, quality: quality)
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}

/// A picture and the format that its translation is to have.
private struct Decoded: Sendable {
  let picture: Image
  let format: ImageFormat

  init(_ item: TranslationPlan.Item) throws {
    let bytes = try WholeFile.read(item.input, limit: DecodingLimits().maximumBytes)
    picture = try ImageFile.decode(bytes, name: item.input)
    // Decoding has succeeded, so the bytes are of a known format.
    format = item.format ?? ImageFormat(signatureOf: bytes) ?? .png
  }
}
