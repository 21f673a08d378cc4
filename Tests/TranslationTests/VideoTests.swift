import Autograd
import ConvolutionCore
import Foundation
import Images
import TestSupport
import Testing
import Translation

private let ffmpeg = InstalledProgram("ffmpeg")
private let ffprobe = InstalledProgram("ffprobe")

@Suite("A film's translation", .enabled(if: ffmpeg != nil, "ffmpeg is not installed"))
struct VideoTests {
  /// A film with a tone, drawn by FFmpeg.
  private func draw(
    _ source: String, in folder: String, to file: String = "clip.mp4", _ options: [String] = []
  ) throws {
    let outcome = try ffmpeg?.run(
      ["-v", "error", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=440:d=0.5"] + options
        + ["-c:a", "aac", file], in: folder)
    #expect(outcome?.status == 0)
  }

  private func properties(_ file: String, in folder: String) throws -> [String] {
    let answer = try ffprobe?.run(
      [
        "-v", "error", "-count_packets", "-show_entries",
        "stream=codec_type,width,height,r_frame_rate,nb_read_packets", "-of", "csv=p=0", file,
      ], in: folder)
    return (answer?.output ?? "").split(separator: "\n").map(String.init)
  }

  @Test(
    "keeps size, frames, their rate and the sound, and changes nothing by itself",
    arguments: [(64, 48, "mp4"), (33, 21, "mp4"), (33, 21, "webm"), (64, 48, "avi")])
  func faithfulness(width: Int, height: Int, end: String) throws {
    try withTemporaryFolder { root in
      try draw(
        "gradients=s=\(width)x\(height):r=30000/1001:d=0.5:speed=0.2:seed=1", in: root,
        to: "clip.mkv",
        ["-c:v", "ffv1"])
      var frames: [Image] = []
      let summary = try VideoTranslation().run(
        input: "\(root)/clip.mkv", output: "\(root)/out.\(end)", memory: NormMemory(share: 0)
      ) { frame in
        frames.append(frame.image)
        return frame
      }
      #expect(summary.frames == 15 && summary.width == width && summary.height == height)
      #expect(summary.inputFlicker == summary.outputFlicker && summary.cuts == 0)
      #expect(summary.inputFlicker.meanDifference > 0.1)
      let found = try properties("out.\(end)", in: root)
      #expect(found.first == "video,\(width),\(height),30000/1001,15")
      #expect(found.contains { $0.hasPrefix("audio") })

      // What was written shows what was handed over.
      var index = 0
      _ = try VideoTranslation().run(
        input: "\(root)/out.\(end)", output: "\(root)/again.\(end)", memory: NormMemory(share: 0)
      ) { frame in
        let pairs = zip(frame.image.samples, try #require(index < 15 ? frames[index] : nil).samples)
        let apart = pairs.reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        // Levels of 255 on average: rounding, thrice, and the encoder's economy.
        #expect(Double(apart) / Double(frame.image.samples.count) < 4, "frame \(index)")
        index += 1
        return frame
      }
      #expect(try leftovers(in: root).isEmpty)
    }
  }

  @Test(
    "copies sound that the container holds, and encodes the rest anew",
    arguments: [
      ("mp4", "aac,6 mp3,1"), ("webm", "opus,6 opus,1"), ("avi", "aac,6 mp3,1"),
      ("mpg", "ac3,6 mp3,1"), ("mov", "aac,6 mp3,1"),
    ])
  func sound(end: String, expected: String) throws {
    try withTemporaryFolder { root in
      let surround = "aevalsrc=0.1|0.1|0.1|0|0.1|0.1:c=5.1(side):d=0.5"
      let drawn = try ffmpeg?.run(
        [
          "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=0.5",
          "-f", "lavfi", "-i", surround, "-f", "lavfi", "-i", "sine=440:d=0.5",
          "-map", "0", "-map", "1", "-map", "2", "-c:a:0", "aac", "-c:a:1", "libmp3lame",
          "clip.mkv",
        ], in: root)
      #expect(drawn?.status == 0, "\(drawn?.output ?? "")")
      _ = try VideoTranslation().run(
        input: "\(root)/clip.mkv", output: "\(root)/out.\(end)", memory: NormMemory(share: 0)
      ) { $0 }
      let found = try ffprobe?.run(
        [
          "-v", "error", "-select_streams", "a", "-show_entries", "stream=codec_name,channels",
          "-of", "csv=p=0", "out.\(end)",
        ], in: root
      ).output
      let sounds = (found ?? "").split(separator: "\n").joined(separator: " ")
      #expect(sounds == expected)
    }
  }

  @Test("says of colours what the film said")
  func colors() throws {
    try withTemporaryFolder { root in
      let named = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
      try draw("testsrc2=s=64x48:r=10:d=0.3", in: root, named)
      _ = try VideoTranslation().run(
        input: "\(root)/clip.mp4", output: "\(root)/out.mp4", memory: NormMemory(share: 0)
      ) { $0 }
      func colors(_ file: String) throws -> String? {
        try ffprobe?.run(
          [
            "-v", "error", "-select_streams", "v:0", "-show_entries",
            "stream=color_space,color_primaries,color_transfer", "-of", "csv=p=0", file,
          ], in: root
        ).output
      }
      #expect(try colors("clip.mp4")?.contains("bt709,bt709,bt709") == true)
      #expect(try colors("out.mp4") == colors("clip.mp4"))
    }
  }

  @Test("finds cuts, and tells norms of frames and cuts")
  func cuts() throws {
    try withTemporaryFolder { root in
      try draw(
        "color=red:s=32x32:r=10:d=0.5[a];color=blue:s=32x32:r=10:d=0.3[b];[a][b]concat",
        in: root)
      let summary = try VideoTranslation().run(
        input: "\(root)/clip.mp4", output: "\(root)/out.mp4", memory: NormMemory(share: 0.9)
      ) { $0 }
      #expect(summary.frames == 8 && summary.cuts == 1)
      #expect(summary.inputFlicker.meanDifference < 1)
    }
  }

  @Test("scales frames to even sizes if asked to")
  func size() throws {
    try withTemporaryFolder { root in
      try draw("testsrc2=s=90x50:r=10:d=0.3", in: root)
      var video = VideoTranslation()
      video.size = 33
      let summary = try video.run(
        input: "\(root)/clip.mp4", output: "\(root)/out.mkv", memory: NormMemory(share: 0)
      ) { $0 }
      #expect(summary.width == 60 && summary.height == 34)
    }
  }

  @Test("leaves no output of a film that is broken or breaks off")
  func brokenFilms() throws {
    try withTemporaryFolder { root in
      try draw("testsrc2=s=64x48:r=25:d=2", in: root, ["-movflags", "+faststart"])
      let whole = try Data(contentsOf: URL(fileURLWithPath: "\(root)/clip.mp4"))
      let broken = [whole.prefix(whole.count * 6 / 10), Data("no film at all".utf8), Data()]
      for (index, bytes) in broken.enumerated() {
        let file = "\(root)/\(index).mp4"
        try bytes.write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: VideoError.self) {
          try VideoTranslation().run(
            input: file, output: "\(root)/out.mp4", memory: NormMemory(share: 0)
          ) { $0 }
        }
        #expect(error?.description.hasPrefix("\(file): ") == true)
        if index == 0, case .incomplete(_, _, let expected) = error {
          #expect(expected == 50)
        } else {
          #expect(index > 0)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(root)/out.mp4"))
        #expect(try leftovers(in: root).isEmpty)
      }
    }
  }
}

/// Names of temporary files in a folder.
private func leftovers(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") }
}

@Suite("A film's translation without FFmpeg")
struct VideoToolTests {
  /// Programs in the place of FFmpeg's: a film of three frames of 2×1 pixels.
  private func install(in folder: String, encoder: String) throws {
    let programs = [
      "ffprobe": """
      echo '{"streams": [{"codec_type": "video", "r_frame_rate": "25/1", "avg_frame_rate": "25/1", "nb_frames": "3"}]}'
      """,
      "ffmpeg": """
      case "$*" in
        *image2pipe*) for i in 1 2 3; do printf 'P6\\n2 1\\n255\\nabcdef'; done ;;
        *) for file; do :; done; file=${file#file:}; \(encoder) ;;
      esac
      """,
    ]
    for (name, text) in programs {
      try "#!/bin/sh\n\(text)\n".write(
        toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
    }
    try "film".write(toFile: "\(folder)/clip.mp4", atomically: true, encoding: .utf8)
  }

  private func run(in folder: String) throws -> VideoTranslation.Summary {
    var video = VideoTranslation()
    video.searchPath = "/nowhere:\(folder)"
    return try video.run(
      input: "\(folder)/clip.mp4", output: "\(folder)/out.mp4", memory: NormMemory(share: 0)
    ) { .bytes(inverted($0.image)) }
  }

  @Test("hands raw frames to the encoder, in order")
  func frames() throws {
    try withTemporaryFolder { root in
      try install(in: root, encoder: #"cat > "$file""#)
      #expect(try run(in: root).frames == 3)
      let film = try Data(contentsOf: URL(fileURLWithPath: "\(root)/out.mp4"))
      let frame = "abcdef".utf8.map { 255 - $0 }
      #expect(Array(film) == frame + frame + frame)
    }
  }

  @Test(
    "says what became of an encoder that fails or is killed, and leaves no output",
    arguments: [
      (#"cat > "$file"; echo "file:$file: No space left on device" >&2; exit 1"#, "No space left"),
      (
        #"cat > "$file"; echo "Error writing trailer of file:$file: No space left on device" >&2"#,
        "No space left"
      ),
      (
        #"echo "[webm @ 0x55] Only Opus." >&2; echo "[vost @ 0x5] Error: ." >&2; exit 1"#,
        "out.mp4: Only Opus. … Error: "
      ),
      (#"echo half > "$file"; kill -9 $$"#, "ended by signal 9"),
      (#"exit 3"#, "status 3"),
    ])
  func encoders(encoder: String, words: String) throws {
    try withTemporaryFolder { root in
      try install(in: root, encoder: encoder)
      let error = #expect(throws: VideoError.self) { try run(in: root) }
      let description = error?.description ?? ""
      #expect(description.hasPrefix("Cannot write \(root)/out.mp4: "), "\(description)")
      #expect(description.contains(words), "\(description)")
      #expect(!FileManager.default.fileExists(atPath: "\(root)/out.mp4"))
      #expect(try leftovers(in: root).isEmpty)
    }
  }

  @Test("refuses a size that makes frames larger than encoders take, and leaves no output")
  func sizes() throws {
    try withTemporaryFolder { root in
      try install(in: root, encoder: #"cat > "$file""#)
      var video = VideoTranslation()
      video.searchPath = root
      func run(_ size: Int) throws -> VideoTranslation.Summary {
        video.size = size
        return try video.run(
          input: "\(root)/clip.mp4", output: "\(root)/out.mp4", memory: NormMemory(share: 0)
        ) { $0 }
      }
      let error = VideoError.tooLarge(
        file: "\(root)/clip.mp4", width: 16_386, height: 8194, limit: 16_384)
      #expect(throws: error) { try run(8193) }
      #expect(!FileManager.default.fileExists(atPath: "\(root)/out.mp4"))
      #expect(try leftovers(in: root).isEmpty)
      #expect(try run(40).width == 80)
    }
  }

  @Test("names the package that is missing")
  func missing() throws {
    try withTemporaryFolder { root in
      try "film".write(toFile: "\(root)/clip.mp4", atomically: true, encoding: .utf8)
      let error = #expect(throws: VideoError.self) { try run(in: root) }
      #expect(error == .missingProgram("ffmpeg"))
      #expect(error?.description.contains("Install the package ffmpeg") == true)
    }
  }

  @Test("a still scene gives the same frames with smoothing and without, whole and in strips")
  func stillScene() throws {
    let translator = try Translator(
      randomModel(tinyResNet), .aToB, file: "m", on: CPUBackend(threads: 1))
    let frame = Pixels.bytes(randomPicture(width: 24, height: 20))
    for memory in [nil, MemoryLimit(bytes: 1)] {
      translator.memory = memory
      translator.normMemory = nil
      let alone = try translator([frame])
      let norms = NormMemory(share: 0.9)
      translator.normMemory = norms
      for _ in 0..<3 {
        norms.beginFrame()
        #expect(try translator([frame]) == alone)
      }
      norms.beginFrame()
      let other = Pixels.bytes(randomPicture(width: 24, height: 20, seed: 2))
      let smoothed = try translator([other])
      translator.normMemory = nil
      #expect(try translator([other]) != smoothed)
    }
  }
}
