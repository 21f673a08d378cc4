import Checkpoints
import ConvolutionCore
import GANs
import Images
import Layers
import Tensors
import TestSupport
import Testing
import Translation

@Suite("A translator")
struct TranslatorTests {
  @Test(
    "gives pictures of any size in their own size, by either kind of network",
    arguments: [tinyResNet, tinyUNet],
    [(1, 1), (5, 3), (2, 40), (67, 45), (64, 64)])
  func anySize(generator: GeneratorDescription, size: (Int, Int)) throws {
    let translator = try translator(randomModel(generator))
    let translated = try translator(randomPicture(width: size.0, height: size.1))
    #expect(translated.width == size.0 && translated.height == size.1)
    #expect(translated.channels == 3)
  }

  @Test("gives what the network gives where no padding is needed")
  func noPadding() throws {
    let model = randomModel(tinyResNet)
    let picture = randomPicture(width: 24, height: 16)
    let network = tinyResNet.network()
    try network.load(model.parameters(.bToA, file: "model"))
    let expected = Image(network(Tensor(picture), on: CPUBackend(threads: 1)))
    #expect(try translator(model, .bToA)(picture) == expected)
    #expect(try translator(model, .aToB)(picture) != expected)
  }

  @Test("mirrors at the right and the bottom, and moves no pixel")
  func padding() throws {
    let translator = try translator(randomModel(tinyResNet))
    let picture = randomPicture(width: 22, height: 15)
    let padded = try translator(picture.padded(right: 2, bottom: 1, with: .reflect))
    let part = PixelRectangle(x: 0, y: 0, width: 22, height: 15)
    #expect(try translator(picture) == padded.cropped(to: part))
  }

  @Test("keeps alpha, and grey as grey")
  func channels() throws {
    let translator = try translator(randomModel(tinyResNet))
    let color = randomPicture(width: 9, height: 7)
    let transparent = color.converted(toChannels: 4).withRandomAlpha()
    let result = try translator(transparent)
    #expect(result.channels == 4)
    let opaque = try translator(color)
    #expect(result.converted(toChannels: 3) == opaque)
    #expect(result.alphas == transparent.alphas)

    let grey = color.converted(toChannels: 1)
    #expect(try translator(grey).channels == 1)
    let greyAlpha = grey.converted(toChannels: 2).withRandomAlpha()
    let greyResult = try translator(greyAlpha)
    #expect(greyResult.channels == 2 && greyResult.alphas == greyAlpha.alphas)
    #expect(try greyResult.converted(toChannels: 1) == translator(grey))
  }

  @Test("exchanges the channels of a model from grey to colour for the way back")
  func differentChannels() throws {
    let generator = GeneratorDescription(
      blocks: 1, filters: 4, inputChannels: 1, outputChannels: 3)
    let model = randomModel(generator)
    let picture = randomPicture(width: 8, height: 8)
    #expect(try translator(model, .aToB)(picture).channels == 3)
    #expect(try translator(model, .bToA)(picture).channels == 1)
  }

  @Test("opens a model file or a run folder, towards the domain that is named")
  func opening() throws {
    try withTemporaryFolder { root in
      let model = randomModel(tinyResNet), picture = randomPicture(width: 8, height: 8)
      try model.write(to: "\(root)/model.safetensors")
      let device = CPUBackend(threads: 1)
      for path in [root, "\(root)/model.safetensors"] {
        let usual = try Translator(contentsOf: path, on: device)(picture)
        #expect(try usual == translator(model, .aToB)(picture))
        let back = try Translator(contentsOf: path, to: "a", on: device)(picture)
        #expect(try back == translator(model, .bToA)(picture))
      }
      #expect(throws: ModelLocationError.missing("\(root)/none")) {
        try Translator(contentsOf: "\(root)/none", on: device)
      }
    }
  }

  @Test("refuses weights that are missing, superfluous or of another architecture")
  func unfitWeights() throws {
    let whole = randomModel(tinyResNet)
    func message(_ change: (inout ModelFile) -> Void) -> String {
      var model = whole
      change(&model)
      do {
        _ = try translator(model)
        return ""
      } catch {
        return "\(error)"
      }
    }
    let key = "model.10.conv_block.5.weight"
    let missing = message { $0.generators[.aToB]?[key] = nil }
    let superfluous = message { $0.generators[.aToB]?["model.99.weight"] = Tensor(0) }
    let directionless = message { $0.generators[.aToB] = nil }
    let shallow = message { $0.description.generator.blocks = 3 }
    #expect(message { _ in }.isEmpty)
    #expect(missing.contains(key))
    #expect(superfluous.contains("model.99.weight"))
    #expect(directionless.contains("no generator from A to B"))
    #expect(shallow.contains("model.12.conv_block"))
    let diverged = message { $0.generators[.aToB]?[key] = Tensor([2], [1, .nan]) }
    #expect(diverged.contains(key) && diverged.contains("not a number"))
    for message in [
      message { $0.description.generator.filters = 1 << 40 },
      message {
        $0.description.generator.filters = 1 << 30
        $0.generators[.aToB]?["model.1.weight"] = Tensor(zeros: [1, 0, 1, 1 << 30])
      },
      message { $0.description.generator.blocks = -1 },
      message { $0.description.generator.blocks = 1 << 40 },
      message { $0.description.generator.inputChannels = 0 },
      message { $0.description.generator.kind = .unet },
    ] {
      #expect(message.contains("a.safetensors"))
    }
  }

  @Test("finds the direction by a domain's name, in any case, or its letter")
  func directions() throws {
    let domains = ModelDescription.Domains(a: "Summer", b: "winter")
    #expect(try domains.direction(to: "WINTER") == .aToB)
    #expect(try domains.direction(to: "summer") == .bToA)
    #expect(try domains.direction(to: "b") == .aToB)
    #expect(throws: TranslationError.unknownDomain("spring", known: ["Summer", "winter"])) {
      try domains.direction(to: "spring")
    }
    // A domain's own name comes before the letters.
    let odd = ModelDescription.Domains(a: "b", b: "a")
    #expect(try odd.direction(to: "b") == .bToA)
  }

  private func translator(_ model: ModelFile, _ direction: Direction = .aToB) throws -> Translator {
    try Translator(model, direction, file: "a.safetensors", on: CPUBackend(threads: 2))
  }
}

extension Image {
  fileprivate func withRandomAlpha() -> Image {
    var random = SeededRandom(seed: 5)
    var result = self
    for index in stride(from: channels - 1, to: samples.count, by: channels) {
      result.samples[index] = UInt8(random.integer(below: 256))
    }
    return result
  }

  fileprivate var alphas: [UInt8] {
    stride(from: channels - 1, to: samples.count, by: channels).map { samples[$0] }
  }
}
