import Checkpoints
import ConvolutionCore
import Foundation
import GANs
import ImageDatasets
import Images
import Tensors
import TestSupport
import Testing
import Training

@Suite("Troubles of translations are noticed and named")
struct TranslationTroubleTests {
  private func scene(_ season: Season, _ index: Int) -> Tensor {
    Tensor(Seasons.scene(seed: 2, index: index).picture(season: season, width: 64, height: 64))
  }

  /// What a detector says at its second look at samples made of two summers.
  private func troubles(
    _ translate: (Tensor) -> Tensor, back: (Tensor) -> Tensor = { $0 }
  ) -> [Trouble] {
    var detector = TranslationDetector(
      direction: "summer → winter", targets: [scene(.winter, 0), scene(.winter, 1)])
    let samples = [2, 3].map { index in
      let real = scene(.summer, index), fake = translate(real)
      return TranslationSample(
        real: real, fake: fake, recovered: back(fake),
        recoveredFromRounded: back(Tensor(Image(fake))))
    }
    #expect(detector.note(step: 100, samples: samples).isEmpty, "too early")
    #expect(detector.note(step: 500, samples: samples).isEmpty, "once")
    return detector.note(step: 600, samples: samples)
  }

  private func changed(
    _ x: Tensor, _ value: (_ x: Float, _ row: Int, _ column: Int) -> Float
  ) -> Tensor {
    let (width, channels) = (x.shape.width, x.shape.channels)
    let values = x.values.enumerated().map { index, sample in
      value(sample, index / channels / width, index / channels % width)
    }
    return Tensor(x.shape, values)
  }

  @Test("Negatives are inverted colours")
  func inverted() {
    let found = troubles { changed($0) { x, _, _ in -0.8 * x } }
    #expect(found.map(\.kind) == [.invertedColors])
    #expect(found[0].evidence == "summer → winter turns light to dark (correlation -1)")
  }

  @Test("Pictures left as they are, but for a breath, are identity collapse")
  func unchanged() {
    let found = troubles { changed($0) { x, _, _ in 0.99 * x + 0.005 } }
    #expect(found.map(\.kind) == [.identityCollapse])
  }

  @Test("A pattern of single pixels is a checkerboard, along either axis or both")
  func checkerboard() {
    for sign in [{ r, c in c }, { r, c in r }, { r, c in r + c }] as [(Int, Int) -> Int] {
      let found = troubles {
        changed($0) { x, row, column in
          0.7 * x + (sign(row, column).isMultiple(of: 2) ? 0.12 : -0.12)
        }
      }
      #expect(found.map(\.kind) == [.checkerboard])
    }
  }

  @Test("Grain that keeps no step is no checkerboard")
  func grain() {
    var random = SeededRandom(seed: 1, purpose: "grain")
    #expect(troubles { changed($0) { x, _, _ in 0.7 * x + 0.1 * random.normal() } }.isEmpty)
  }

  @Test("What comes back only from differences below a level of 8 bits was hidden there")
  func hidden() {
    // The translation is a picture in whole levels; the original is in the fractions on top.
    let found = troubles {
      changed($0) { x, _, _ in ((0.6 * x + 1) * 127.5).rounded() / 127.5 - 1 + x * 0.4 / 127.5 }
    } back: {
      changed($0) { x, _, _ in
        let level = (x + 1) * 127.5
        return (level - level.rounded()) / 0.4
      }
    }
    #expect(found.map(\.kind) == [.hiddenInformation])
  }

  @Test("The bundled model, which is sound, gives no cause")
  func healthy() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Models/seasons.safetensors").path
    let model = try ModelFile.read(path), backend = CPUBackend()
    let generators = GeneratorPair(model.description.generator)
    try generators.aToB.load(model.parameters(.aToB, file: path))
    try generators.bToA.load(model.parameters(.bToA, file: path))
    let found = troubles {
      generators.aToB($0, on: backend)
    } back: {
      generators.bToA($0, on: backend)
    }
    #expect(found.isEmpty, "\(found)")
  }
}
