import Foundation

/// FFmpeg's two programs.
struct VideoTools {
  let ffmpeg: String, ffprobe: String

  /// Finds them on the PATH.
  ///
  /// - Parameter path: Folders between colons.
  init(path: String) throws(VideoError) {
    func find(_ name: String) throws(VideoError) -> String {
      let candidates = path.split(separator: ":").map { "\($0)/\(name)" }
      guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
        throw .missingProgram(name)
      }
      return found
    }
    ffmpeg = try find("ffmpeg")
    ffprobe = try find("ffprobe")
  }
}

/// What a film's file says of its pictures and its sound.
struct VideoProbe {
  /// Frames a second, as a fraction such as `30000/1001`.
  let frameRate: String
  /// About how many frames there are; nil where the file does not tell.
  let frames: Int?
  /// Seconds from the film's beginning, which may be that of its sound, to its first frame.
  let delay: Double
  /// The shape of a pixel, as a fraction; nil for square ones.
  let pixelAspect: String?
  /// What FFmpeg is told of colours that are to be written as they were.
  let colors: Colors
  /// FFmpeg's names of the codecs of its streams of sound.
  let soundCodecs: [String]

  /// A film of more would run for years.
  private static let possibleFrames = 0...1 << 32

  /// Asks ffprobe.
  init(_ file: String, _ tools: VideoTools) throws(VideoError) {
    let probe = try Subprocess(
      tools.ffprobe,
      [
        "-v", "error", "-show_streams", "-show_format", "-of", "json",
        "-i", FFmpeg.name(of: file),
      ], .reading)
    var answer: [UInt8] = []
    while case let part = probe.read(1 << 16), !part.isEmpty { answer += part }
    if let reason = probe.failure() {
      throw .unreadable(file: file, reason: FFmpeg.words(reason, without: file))
    }
    try self.init(answer: answer, file: file)
  }

  /// Reads what ffprobe has answered.
  init(answer: [UInt8], file: String) throws(VideoError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let report = try? decoder.decode(Report.self, from: Data(answer)),
      let stream = report.streams.first(where: { $0.codecType == "video" }),
      let rate = stream.frameRate
    else { throw .unreadable(file: file, reason: "it holds no moving pictures") }
    frameRate = rate.text
    let seconds = (stream.duration ?? report.format?.duration).flatMap { Double($0) }
    let frames =
      stream.nbFrames.flatMap { Int($0) }
      ?? seconds.flatMap { Int(exactly: ($0 * rate.value).rounded()) }
    self.frames = frames.flatMap { Self.possibleFrames.contains($0) ? $0 : nil }
    func start(_ time: String?) -> Double { time.flatMap { Double($0) } ?? 0 }
    let delay = start(stream.startTime) - start(report.format?.startTime)
    self.delay = delay.isFinite ? max(0, delay) : 0
    pixelAspect = stream.pixelAspect
    colors = Colors(
      matrix: stream.colorSpace, primaries: stream.colorPrimaries,
      transfer: stream.colorTransfer)
    soundCodecs = report.streams.filter { $0.codecType == "audio" }.map { $0.codecName ?? "" }
  }

  /// What ffprobe answers, under its own names but for the underscores.
  fileprivate struct Report: Decodable {
    struct Stream: Decodable {
      let codecType: String?
      let codecName: String?
      let rFrameRate: String?
      let avgFrameRate: String?
      let nbFrames: String?
      let duration: String?
      let startTime: String?
      let sampleAspectRatio: String?
      let colorSpace: String?
      let colorPrimaries: String?
      let colorTransfer: String?
      let sideDataList: [SideData]?
    }
    struct SideData: Decodable {
      let rotation: Double?
    }
    struct Format: Decodable {
      let duration: String?
      let startTime: String?
    }

    let streams: [Stream]
    let format: Format?
  }
}

extension VideoProbe.Report.Stream {
  /// The rate of the frames; their mean rate where it changes.
  fileprivate var frameRate: (text: String, value: Double)? {
    func rate(_ text: String?) -> (text: String, value: Double)? {
      guard let text, let value = VideoProbe.value(of: text), value > 0, value.isFinite else {
        return nil
      }
      return (text, value)
    }
    guard let mean = rate(avgFrameRate) else { return rate(rFrameRate) }
    guard let least = rate(rFrameRate), abs(least.value / mean.value - 1) < 0.01 else {
      return mean
    }
    return least
  }

  /// As frames are handed over, which is upright.
  fileprivate var pixelAspect: String? {
    guard let numbers = sampleAspectRatio?.split(separator: ":").compactMap({ Int($0) }),
      numbers.count == 2, numbers[0] > 0, numbers[1] > 0, numbers[0] != numbers[1]
    else { return nil }
    let rotation = (sideDataList ?? []).compactMap(\.rotation).first ?? 0
    let quarterTurns = (rotation / 90).rounded(.towardZero)
    return quarterTurns.truncatingRemainder(dividingBy: 2) == 0
      ? "\(numbers[0])/\(numbers[1])" : "\(numbers[1])/\(numbers[0])"
  }
}

extension VideoProbe {
  /// The number that a fraction stands for.
  fileprivate static func value(of fraction: String) -> Double? {
    let parts = fraction.split(separator: "/").compactMap { Double($0) }
    return parts.count == 2 && parts[1] != 0 ? parts[0] / parts[1] : nil
  }

  /// How red, green and blue are made of what is stored.
  struct Colors {
    var matrix: String?, primaries: String?, transfer: String?

    /// What the filter that scales calls the matrix; nil where none is named, in which case the
    /// same guess is made both ways.
    var filterMatrix: String? {
      switch matrix {
      case "bt709": "bt709"
      case "smpte170m", "bt470bg": "bt601"
      case "bt2020nc": "bt2020"
      case "smpte240m": "smpte240m"
      case "fcc": "fcc"
      default: nil
      }
    }

    /// Options that name the colours in the file to be written.
    var options: [String] {
      [("-colorspace", matrix), ("-color_primaries", primaries), ("-color_trc", transfer)]
        .flatMap { option, value -> [String] in
          guard let value, value != "unknown", filterMatrix != nil else { return [] }
          return [option, value]
        }
    }
  }
}
