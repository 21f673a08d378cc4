import Images

/// The command lines that FFmpeg is started with.
enum FFmpeg {
  private static let scaling = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"

  /// Decodes a film to pictures in the PPM format, which say their own size.
  static func decoding(_ file: String, _ probe: VideoProbe) -> [String] {
    [
      "-v", "error", "-nostdin", "-xerror", "-i", name(of: file), "-map", "0:v:0",
      "-vf", "setpts=PTS-STARTPTS,scale=\(scaling),format=rgb24",
      "-fps_mode", "cfr", "-r", probe.frameRate, "-c:v", "ppm", "-f", "image2pipe", "pipe:1",
    ]
  }

  /// Encodes raw pictures, with the sound of a film.
  static func encoding(
    width: Int, height: Int, like probe: VideoProbe, soundOf source: String, to file: String,
    as format: VideoFormat
  ) -> [String] {
    let pixels = format.pixelFormat(width: width, height: height)
    var filters = ["scale=\(scaling):out_range=tv"]
    if let matrix = probe.colors.filterMatrix { filters[0] += ":out_color_matrix=\(matrix)" }
    filters.append("format=\(pixels)")
    if let aspect = probe.pixelAspect { filters.append("setsar=\(aspect)") }
    // That container has no other way to begin late than to repeat the first frame.
    let delay = format == .avi ? 0 : probe.delay
    return [
      "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
      "-s", "\(width)x\(height)", "-framerate", probe.frameRate,
      "-itsoffset", "\(delay)", "-i", "pipe:0", "-i", name(of: source),
      "-map", "0:v:0", "-map", "1:a?", "-map_metadata", "1", "-map_chapters", "1",
      "-vf", filters.joined(separator: ","), "-fps_mode", "passthrough",
    ] + format.encoder + probe.colors.options
      + sound(of: probe, from: VideoFormat(extensionOf: source), to: format)
      + ["-f", format.muxer, name(of: file)]
  }

  /// Sound is copied, but for streams that the container cannot hold.
  private static func sound(
    of probe: VideoProbe, from source: VideoFormat?, to format: VideoFormat
  ) -> [String] {
    var options = ["-c:a", "copy"]
    for (index, codec) in probe.soundCodecs.enumerated()
    where source != format && !format.holdsSound(codec) {
      options += format.soundEncoder(ofStream: index)
    }
    return options
  }

  /// A file's name as FFmpeg takes it, whatever characters are in it.
  static func name(of file: String) -> String { "file:" + file }

  /// What FFmpeg said of files, without the first one's name and the stop.
  ///
  /// - Parameter temporary: What the file was called meanwhile.
  static func words(_ text: String, without file: String, temporary: String? = nil) -> String {
    let named = temporary.map { text.replacing(name(of: $0), with: file) } ?? text
    let plain = named.replacing("\(name(of: file)): ", with: "").replacing("\(file): ", with: "")
    return plain.hasSuffix(".") ? String(plain.dropLast()) : plain
  }
}

/// Frames of a film, one after the other.
final class FrameReader: Sendable {
  private let file: String
  private let process: Subprocess

  init(_ file: String, _ probe: VideoProbe, _ tools: VideoTools) throws(VideoError) {
    self.file = file
    process = try Subprocess(tools.ffmpeg, FFmpeg.decoding(file, probe), .reading)
  }

  /// The next frame; nil after the last one.
  func next() throws(VideoError) -> Image? {
    guard let width = number(), let height = number(), number() == 255 else {
      if let reason = process.failure() {
        throw .unreadable(file: file, reason: FFmpeg.words(reason, without: file))
      }
      return nil
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= DecodingLimits().maximumPixels else {
      throw .unreadable(file: file, reason: "a frame of \(width)×\(height) pixels")
    }
    let count = pixels * 3
    let samples = process.read(count)
    guard samples.count == count else {
      let reason = process.failure() ?? "the frame ends too early"
      throw .unreadable(file: file, reason: FFmpeg.words(reason, without: file))
    }
    return Image(width: width, height: height, channels: 3, samples: samples)
  }

  /// What the reader complained of although it went on to the end; nil if of nothing.
  var complaint: String? { process.lastWords }

  /// The next number of a header, which is `P6`, width, height and the largest sample, each with a
  /// space or line feed behind it.
  private func number() -> Int? {
    var digits: [UInt8] = []
    while let byte = process.read(1).first {
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
        if digits == Array("P6".utf8) {
          digits = []
          continue
        }
        return Int(String(decoding: digits, as: UTF8.self))
      }
      digits.append(byte)
      if digits.count > 10 { return nil }
    }
    return nil
  }
}

/// A film that frames are added to.
final class FrameWriter: Sendable {
  private let file: String, temporary: String
  private let width: Int, height: Int
  private let process: Subprocess

  /// Begins a film.
  ///
  /// - Parameters:
  ///   - file: What errors call it.
  ///   - temporary: What it is called meanwhile.
  ///   - arguments: FFmpeg's.
  init(
    _ file: String, temporary: String, width: Int, height: Int, _ arguments: [String],
    _ tools: VideoTools
  ) throws(VideoError) {
    self.file = file
    self.temporary = temporary
    self.width = width
    self.height = height
    process = try Subprocess(tools.ffmpeg, arguments, .writing)
  }

  /// Adds a frame.
  func append(_ frame: Image) throws(VideoError) {
    precondition(
      frame.width == width && frame.height == height && frame.channels == 3,
      "a frame of \(frame.width)×\(frame.height)×\(frame.channels) in a film of \(width)×\(height)")
    if !process.write(frame.samples) { try finish() }
  }

  /// Gives the film up.
  func cancel() { process.cancel() }

  /// How FFmpeg says that a film lacks its end; up to version 6 it calls that a success.
  private static let losses = ["Error writing trailer", "Error closing file"]

  /// Ends the film.
  func finish() throws(VideoError) {
    process.closeStream()
    let loss = process.lastWords.flatMap { words in
      Self.losses.contains { words.contains($0) } ? words : nil
    }
    if let reason = process.failure() ?? loss {
      throw .unwritable(
        file: file, reason: FFmpeg.words(reason, without: file, temporary: temporary))
    }
  }
}
