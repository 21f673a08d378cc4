import Foundation
import GANs
import Testing
import Training

@Suite("Options of a training run")
struct TrainingOptionsTests {
  private let summer = TrainingOptions.Domain(name: "summer", folder: "s", testFolder: "t")
  private let winter = TrainingOptions.Domain(name: "winter", folder: "w")

  private func options(_ preset: TrainingPreset) -> TrainingOptions {
    TrainingOptions(preset: preset, domainA: summer, domainB: winter)
  }

  @Test("options survive a round trip through JSON", arguments: TrainingPreset.allCases)
  func roundTrip(preset: TrainingPreset) throws {
    var options = options(preset)
    options.seed = .max
    options.learningRate = 0.1 + 0.2
    options.adversarialLoss = .wganGP
    options.initialWeights = "m"
    (options.spectralNorm, options.acceptsDamage) = (true, true)
    (options.flips, options.keepsShapes) = (false, true)
    (options.augmentation, options.discriminatorAugmentation) = ("[]", .adaptive)
    (options.average, options.poolSize) = (5, 6)
    for length in [.time(seconds: 0.1), .steps(7), .epochs(flat: 1, decaying: 0)]
      as [TrainingLength]
    {
      options.length = length
      let data = try JSONEncoder().encode(options)
      #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    }
  }

  @Test("options of earlier versions are read: names are theirs, and what they lack is as it was")
  func earlier() throws {
    let json = """
      {"adversarialLoss": "lsgan", "average": 1000, "batch": 1, "discriminatorFilters": 16,
       "domainA": {"folder": "s", "name": "summer", "testFolder": "t"},
       "domainB": {"folder": "w", "name": "winter"},
       "generator": {"blocks": 3, "dropout": false, "filters": 16, "inputChannels": 3,
        "kind": "resnet", "norm": "instance", "outputChannels": 3, "padding": "reflect",
        "upsampling": "transposed"},
       "lambdaCycle": 10, "lambdaIdentity": 0.5, "learningRate": 0.0002,
       "length": {"steps": {"decaying": 10000, "flat": 10000}}, "loadSize": 72,
       "pool": 50, "schedule": "flat-then-linear", "seed": 1, "size": 64}
      """
    func read(_ json: String) throws -> TrainingOptions {
      try JSONDecoder().decode(TrainingOptions.self, from: Data(json.utf8))
    }
    var expected = options(.quick)
    #expect(try read(json) == expected)
    (expected.flips, expected.poolSize) = (false, 7)
    let changed = json.replacing(#""pool": 50"#, with: #""pool": 7, "mirrors": false"#)
    #expect(try read(changed) == expected)
  }

  @Test("the reference preset is the reference's defaults")
  func reference() {
    let options = options(.reference)
    #expect(options.size == 256 && options.loadSize == 286 && options.batch == 1)
    #expect(options.generator.blocks == 9 && options.generator.filters == 64)
    #expect(options.discriminatorFilters == 64 && options.poolSize == 50)
    #expect(options.length == .epochs(flat: 100, decaying: 100))
    #expect(options.learningRate == 2e-4 && options.schedule == .flatThenLinear)
    #expect(options.lambdaCycle == 10 && options.lambdaIdentity == 0.5)
  }

  @Test("every preset can be trained with", arguments: TrainingPreset.allCases)
  func presetsAreValid(preset: TrainingPreset) throws {
    try options(preset).validate()
  }

  @Test("what cannot be trained with is refused, with the option's name")
  func refusals() {
    func refuses(_ option: String, _ change: (inout TrainingOptions) -> Void) {
      var options = options(.quick)
      change(&options)
      let error = #expect(throws: TrainingError.self) { try options.validate() }
      #expect(error.map { "\($0)".hasPrefix(option + " ") } == true, "\(option): \(error as Any)")
    }
    refuses("--size") { $0.size = 62 }
    refuses("--size") { $0.size = 20 }
    refuses("--size") {
      $0.generator.kind = .unet
      $0.generator.blocks = 7
    }
    refuses("--load-size") { $0.loadSize = 63 }
    refuses("--batch") { $0.batch = 0 }
    refuses("--filters") { $0.generator.filters = 0 }
    refuses("--generator") { $0.generator.blocks = 0 }
    refuses("--discriminator-filters") { $0.discriminatorFilters = 0 }
    refuses("--lambda-cycle") { $0.lambdaCycle = -1 }
    refuses("--lambda-identity") { $0.lambdaIdentity = .nan }
    refuses("--learning-rate") { $0.learningRate = 0 }
    refuses("--pool") { $0.poolSize = -1 }
    refuses("--steps") { $0.length = .steps(0) }
    refuses("--epochs") { $0.length = .epochs(flat: 0, decaying: 0) }
    refuses("--time") { $0.length = .time(seconds: 0) }
    refuses("--names") { $0.domainB.name = "summer" }
  }

  @Test("the options in which two runs differ are named as on the command line")
  func differences() {
    var other = options(.quick)
    #expect(options(.quick).differences(from: other).isEmpty)
    other.domainA.folder = "elsewhere"
    #expect(options(.quick).differences(from: other).isEmpty)
    other.generator.upsampling = .nearest
    #expect(options(.quick).differences(from: other) == ["--upsampling"])
    other.generator.upsampling = options(.quick).generator.upsampling
    other.seed = 7
    other.length = .steps(3)
    other.initialWeights = "m"
    #expect(
      options(.quick).differences(from: other) == ["--initial-weights", "--seed", "--steps"])
  }
}
