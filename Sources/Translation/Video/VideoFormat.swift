/// A container of films that is read and written by FFmpeg.
public enum VideoFormat: String, CaseIterable, Sendable {
  /// MPEG-4.
  case mp4
  /// QuickTime.
  case mov
  /// Matroska.
  case mkv
  /// Matroska with free codecs only.
  case webm
  /// Audio Video Interleave.
  case avi
  /// MPEG program stream.
  case mpg
  /// MPEG transport stream.
  case ts

  /// Recognizes a format by the end of a file's name, in any case.
  public init?(extensionOf path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    switch path[dot...].dropFirst().lowercased() {
    case "m4v": self = .mp4
    case "mpeg": self = .mpg
    case "mts", "m2ts": self = .ts
    case let name: self.init(rawValue: name)
    }
  }

  /// What FFmpeg calls the container.
  var muxer: String {
    switch self {
    case .mkv: "matroska"
    case .mpg: "mpeg"
    case .ts: "mpegts"
    case .mp4, .mov, .webm, .avi: rawValue
    }
  }

  /// The encoder, set to lose next to nothing that can be seen.
  var encoder: [String] {
    switch self {
    case .mp4, .mov: ["-c:v", "libx264", "-crf", "17", "-movflags", "+faststart"]
    case .mkv, .ts: ["-c:v", "libx264", "-crf", "17"]
    case .webm: ["-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0", "-row-mt", "1"]
    case .avi: ["-c:v", "mpeg4", "-q:v", "2"]
    case .mpg: ["-c:v", "mpeg2video", "-q:v", "2"]
    }
  }

  /// Whether it holds sound of a codec, by FFmpeg's name, so that players find it.
  func holdsSound(_ codec: String) -> Bool {
    let isOfDiscs = ["pcm_bluray", "pcm_dvd"].contains(codec)
    let isUncompressed = codec.hasPrefix("pcm_") && !isOfDiscs
    return switch self {
    case .mkv: !isOfDiscs
    case .mp4: ["aac", "ac3", "alac", "eac3", "mp2", "mp3", "opus"].contains(codec)
    case .mov: isUncompressed || ["aac", "ac3", "alac", "eac3", "mp3"].contains(codec)
    case .webm: ["opus", "vorbis"].contains(codec)
    case .avi: ["aac", "ac3", "mp2", "mp3", "pcm_s16le", "pcm_u8"].contains(codec)
    case .mpg: ["ac3", "mp2", "mp3"].contains(codec)
    case .ts: ["aac", "ac3", "eac3", "mp2", "mp3", "opus"].contains(codec)
    }
  }

  /// Options that encode one of the streams of sound, as well as most ears need.
  func soundEncoder(ofStream index: Int) -> [String] {
    let (encoder, option, value) =
      switch self {
      case .mp4, .mov, .mkv, .ts: ("aac", "-b", "192k")
      case .webm: ("libopus", "-b", "160k")
      case .avi: ("libmp3lame", "-q", "2")
      case .mpg: ("ac3", "-b", "384k")
      }
    // Loudspeakers may change places on the way, which only the first filter takes; of surround
    // sound encoders take one order.
    let places = "aresample,aformat=channel_layouts=mono|stereo|5.1|7.1"
    let stream = ":a:\(index)"
    return [
      "-c" + stream, encoder, option + stream, value, "-filter" + stream, places,
    ]
  }

  /// How pixels are stored: with a colour for each four, which players expect, unless that cannot
  /// hold the size.
  func pixelFormat(width: Int, height: Int) -> String {
    let isEven = width.isMultiple(of: 2) && height.isMultiple(of: 2)
    let isH264 = encoder.contains("libx264")
    return isEven || !isH264 ? "yuv420p" : "yuv444p"
  }
}
