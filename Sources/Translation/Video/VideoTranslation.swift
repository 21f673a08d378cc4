import Autograd
import Files
import Foundation
import ImageDatasets
import Images

/// Translates a film frame by frame, and keeps its sound, size and frame rate.
///
/// FFmpeg, which must be installed, decodes and encodes in processes of its own while frames are
/// translated. The output takes its name when it is whole; a film that breaks off leaves none.
public struct VideoTranslation: Sendable {
  /// What the share of earlier frames is unless asked otherwise: at 25 frames a second, half of
  /// what is remembered is of the last quarter of a second.
  public static let usualSmoothing = 0.9

  /// The most pixels per side of a frame: more than a film of today has, and what H.264 can name.
  public static let largestSide = 16_384

  /// What became of a film.
  public struct Summary: Sendable, Equatable {
    /// Frames translated.
    public internal(set) var frames = 0
    /// Columns and rows of the frames that were written.
    public internal(set) var width = 0, height = 0
    /// Frames that begin a new scene, the first one left out.
    public internal(set) var cuts = 0
    /// How much consecutive frames of the film differ; pairs across a cut are left out.
    public internal(set) var inputFlicker = Flicker()
    /// The same of its translation.
    public internal(set) var outputFlicker = Flicker()
    /// Seconds spent in translating.
    public internal(set) var computingSeconds = 0.0
  }

  /// The length that the shorter side of frames is scaled to first; nil for their own.
  public var size: Int?
  /// Whether the output gets the times of the input.
  public var keepsTimes = false
  /// Folders where FFmpeg is looked for, between colons.
  public var searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""

  /// Creates a translation that keeps the size.
  public init() {}

  /// The file that a film's translation goes to.
  ///
  /// - Parameter output: A file, or a folder that is there, or what ends in a slash.
  /// - Throws: `VideoError` if no format goes by that name, `TranslationError` if it is the input,
  ///   `FileError` if its folder cannot be made.
  public func outputFile(of input: String, to output: String) throws -> String {
    let isFolder = output.hasSuffix("/") || FileEntry.isFolder(output)
    let file = isFolder ? FilePaths.join(output, FilePaths.name(of: input)) : output
    guard VideoFormat(extensionOf: file) != nil else { throw VideoError.unknownFormat(file) }
    try NewFolder.create(FilePaths.folder(of: file))
    if let there = FileIdentity(of: file), there == FileIdentity(of: input) {
      throw TranslationError.outputIsInput(input)
    }
    return file
  }

  /// Translates a film.
  ///
  /// - Parameters:
  ///   - input: The film.
  ///   - output: The file to write, as `outputFile(of:to:)` names it.
  ///   - memory: What norms measured of earlier frames, as the translators know it; it is told of
  ///     frames and cuts.
  ///   - translate: Makes the translation of a frame; all are of one size. Called on this thread.
  ///   - onFrame: Called on this thread with the number of frames done, and about how many there are;
  ///     an error that it throws ends the work, and leaves no output.
  /// - Throws: `VideoError` if FFmpeg is missing, the film cannot be read or written, or its frames
  ///   would be larger than `largestSide`; `FileError` if the output cannot be written; and what
  ///   `translate` throws.
  public func run(
    input: String, output: String, memory: NormMemory,
    translate: (Pixels) throws -> Pixels,
    onFrame: (Int, _ expected: Int?) throws -> Void = { _, _ in }
  ) throws -> Summary {
    guard let format = VideoFormat(extensionOf: output) else {
      throw VideoError.unknownFormat(output)
    }
    guard FileEntry.isFile(input) else { throw TranslationError.missingInput(input) }
    let times = FileTimes(of: input)
    let tools = try VideoTools(path: searchPath)
    let probe = try VideoProbe(input, tools)
    AtomicFile.removeLeftovers(in: FilePaths.folder(of: output))
    let file = try GrowingFile(output)
    let film = Film(output, temporary: file.temporary, format, probe, soundOf: input, tools)
    do {
      let summary = try translateFrames(
        of: input, probe, tools, to: film, memory: memory, translate, onFrame: onFrame)
      try film.finish()
      try file.finish()
      if keepsTimes { times.apply(to: output) }
      return summary
    } catch {
      film.cancel()
      throw error
    }
  }

  private func translateFrames(
    of input: String, _ probe: VideoProbe, _ tools: VideoTools, to film: Film, memory: NormMemory,
    _ translate: (Pixels) throws -> Pixels, onFrame: (Int, _ expected: Int?) throws -> Void
  ) throws -> Summary {
    let reader = try FrameReader(input, probe, tools)
    var summary = Summary()
    var cuts = SceneCuts()
    var reading = Pending { try reader.next() }
    while let frame = try reading.value() {
      reading = Pending { try reader.next() }
      let isCut = cuts.isCut(before: frame)
      if isCut { memory.forget() }
      memory.beginFrame()
      let picture = try scaled(frame, of: input)
      let start = ContinuousClock.now
      let translation = try translate(.bytes(picture)).image.converted(toChannels: 3)
      summary.computingSeconds += (ContinuousClock.now - start) / .seconds(1)
      summary.add(picture, translation, isCut: isCut)
      try film.append(translation)
      try onFrame(summary.frames, probe.frames)
    }
    if summary.frames == 0 {
      throw VideoError.unreadable(file: input, reason: "it holds no frames")
    }
    // A file that was cut off is read to where it ends, with no more than a complaint.
    if let expected = probe.frames, summary.frames + 1 < expected, reader.complaint != nil {
      throw VideoError.incomplete(file: input, frames: summary.frames, expected: expected)
    }
    return summary
  }

  /// A frame at the size asked for; even, since few players show films of odd sizes.
  private func scaled(_ frame: Image, of film: String) throws(VideoError) -> Image {
    guard let size else { return frame }
    let shorter = min(frame.width, frame.height)
    func extent(_ length: Int) -> Int { max(2, (length * size + shorter) / (2 * shorter) * 2) }
    let (width, height) = (extent(frame.width), extent(frame.height))
    guard max(width, height) <= Self.largestSide else {
      throw .tooLarge(file: film, width: width, height: height, limit: Self.largestSide)
    }
    return frame.resized(width: width, height: height)
  }
}

extension VideoTranslation.Summary {
  fileprivate mutating func add(_ frame: Image, _ translation: Image, isCut: Bool) {
    frames += 1
    if isCut { cuts += 1 }
    (width, height) = (translation.width, translation.height)
    inputFlicker.add(frame, isCut: isCut)
    outputFlicker.add(translation, isCut: isCut)
  }
}

/// A film that is being written: one frame is encoded while the next one is made.
private final class Film {
  private let output: String, temporary: String, source: String
  private let format: VideoFormat
  private let probe: VideoProbe
  private let tools: VideoTools
  private var writer: FrameWriter?
  private var writing: Pending<Void>?

  init(
    _ output: String, temporary: String, _ format: VideoFormat, _ probe: VideoProbe,
    soundOf source: String, _ tools: VideoTools
  ) {
    (self.output, self.temporary, self.source) = (output, temporary, source)
    self.format = format
    self.probe = probe
    self.tools = tools
  }

  /// Adds a frame; all are of the first one's size.
  func append(_ frame: Image) throws {
    try writing?.value()
    let writer = try writer ?? begin(like: frame)
    self.writer = writer
    writing = Pending { try writer.append(frame) }
  }

  func finish() throws {
    try writing?.value()
    try writer?.finish()
  }

  /// Ends the encoder, so that it cannot write under a name that is free again.
  func cancel() {
    writer?.cancel()
    try? writing?.value()
  }

  private func begin(like frame: Image) throws -> FrameWriter {
    let arguments = FFmpeg.encoding(
      width: frame.width, height: frame.height, like: probe, soundOf: source, to: temporary,
      as: format)
    return try FrameWriter(
      output, temporary: temporary, width: frame.width, height: frame.height, arguments, tools)
  }
}
