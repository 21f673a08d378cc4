import Checkpoints
import ConvolutionCore
import Files
import GANs
import Images
import Tensors
import TestSupport
import Testing

@testable import Translation

@Suite("Hostile models and films")
struct HostileFileTests {
  @Test("A model translates, or is an error that names its file")
  func models() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      let description = GeneratorDescription(blocks: 1, filters: 2)
      try ModelFile(
        description: ModelDescription(domains: .init(a: "x", b: "y"), generator: description),
        generators: [.aToB: description.network().values]
      ).write(to: path)
      let sound = try Safetensors.read(path)
      let picture = Image(
        width: 9, height: 7, channels: 3, samples: [UInt8](repeating: 8, count: 189))
      func translate() throws {
        let model = try ModelFile.read(path)
        let translator = try Translator(model, .aToB, file: path, on: CPUBackend(threads: 1))
        _ = try translator(picture)
      }
      let json = Array((sound.metadata["cyclegan"] ?? "").utf8)
      var faults = Mutations.faults(400, of: [json], "translation", naming: path) {
        var mutated = sound
        mutated.metadata["cyclegan"] = String(decoding: $0, as: UTF8.self)
        try mutated.write(to: path)
        try translate()
      }
      try sound.write(to: path)
      let header = try Array(WholeFile.read(path).prefix(6000))
      let rest = try WholeFile.read(path).dropFirst(6000)
      faults += Mutations.faults(400, of: [header], "model's header", naming: path) {
        try AtomicFile.write($0 + rest, to: path)
        try translate()
      }
      #expect(faults.isEmpty, "\(faults.prefix(5))")
    }
  }

  @Test("Impossible numbers in a description are refused before memory is asked for")
  func impossible() throws {
    for (filters, channels) in [(-1, 4096), (0, 4096), (0, 0), (4096, 4096)] {
      let weights = ["model.1.weight": Tensor(zeros: [3, 7, 7, channels])]
      let description = GeneratorDescription(blocks: 0, filters: filters)
      let model = ModelFile(
        description: ModelDescription(domains: .init(a: "x", b: "y"), generator: description),
        generators: [.aToB: weights])
      let error = #expect(throws: TranslationError.self) {
        try Translator(model, .aToB, file: "my file", on: CPUBackend(threads: 1))
      }
      #expect("\(error as Any)".contains("my file"))
    }
  }

  @Test("A film that says it is turned by an absurd angle is probed")
  func turned() throws {
    let answer = """
      {"streams": [{"codec_type": "video", "r_frame_rate": "25/1", "sample_aspect_ratio": "4:3",
        "side_data_list": [{"rotation": 1e300}], "start_time": "inf", "nb_frames": "-5"}]}
      """
    let probe = try VideoProbe(answer: Array(answer.utf8), file: "film")
    #expect(probe.delay == 0 && probe.frames == nil && probe.pixelAspect != nil)
  }

  @Test("What FFmpeg says of a film is taken, or is an error that names it")
  func films() throws {
    let answer = """
      {"streams": [{"codec_type": "video", "r_frame_rate": "30000/1001", "avg_frame_rate": "30000/1001",
        "nb_frames": "90", "duration": "3.003", "start_time": "0.5",
        "sample_aspect_ratio": "4:3", "color_space": "bt709", "color_primaries": "bt709",
        "color_transfer": "bt709", "side_data_list": [{"rotation": -90}]},
        {"codec_type": "audio", "codec_name": "pcm_s16le"}],
       "format": {"duration": "3.1", "start_time": "0.1"}}
      """
    let faults = Mutations.faults(1000, of: [Array(answer.utf8)], "films", naming: "my film") {
      let probe = try VideoProbe(answer: $0, file: "my film")
      _ = FFmpeg.decoding("my film", probe)
      for format in VideoFormat.allCases {
        _ = FFmpeg.encoding(
          width: 8, height: 8, like: probe, soundOf: "my film", to: "out", as: format)
      }
      if !probe.delay.isFinite || (probe.frames ?? 0) < 0 { throw Mismatch("\(probe)") }
    }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }
}
