import Autograd
import Checkpoints
import ConvolutionCore
import Foundation
import GANs
import Images
import Layers
import Tensors
import TestSupport
import Testing
import Translation

@Suite("A translation in strips")
struct StripTests {
  /// One of each kind, with channels in sixteens, so that all algorithms take part.
  static let generators = [
    GeneratorDescription(blocks: 2, filters: 16),
    GeneratorDescription(
      blocks: 2, filters: 16, norm: .batch, padding: .zero, upsampling: .nearest),
    GeneratorDescription(blocks: 2, filters: 4, norm: .none, dropout: true),
    GeneratorDescription(blocks: 1, filters: 4, inputChannels: 1, upsampling: .nearest),
    GeneratorDescription(kind: .unet, blocks: 5, filters: 8, padding: .zero),
    GeneratorDescription(
      kind: .unet, blocks: 5, filters: 4, norm: .batch, padding: .zero, upsampling: .nearest),
  ]

  /// Rows one by one from files; several rows; all rows from memory.
  static let memories = [0, 1 << 20, 1 << 30]

  @Test("equals that of the whole picture", arguments: generators, memories)
  func equality(description: GeneratorDescription, memory: Int) throws {
    for (width, height) in [(64, 32), (32, 96)] {
      let picture = randomPicture(width: width, height: height, seed: UInt64(width))
      let network = description.stripNetwork()
      // Where nothing normalizes, smaller weights would leave next to nothing; larger ones would
      // drive values, and their rounding errors, beyond what a trained network has.
      let gain: Float = [.instance: 0.02, .batch: 0.06][description.norm] ?? 0.1
      network.initialize(seed: 3, name: "strips", gain: gain)
      let backend = CPUBackend(threads: 2)
      let pixels = Pixels.bytes(picture)
      let input = pixels.activations(
        rows: 0..<height, columns: width, channels: description.inputChannels)
      let whole = network(input, on: backend)

      let evaluation = StripEvaluation(
        on: backend, memory: memory, scratchFolder: FileManager.default.temporaryDirectory.path)
      let rows = PictureRows(
        pixels, height: height, width: width, channels: description.inputChannels)
      var values: [Float] = []
      try evaluation.goOver(network.evaluated(rows, by: evaluation)) { values += $0.values }
      #expect(values.count == whole.count)
      let difference = zip(values, whole.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      let spread = whole.values.reduce(0) { max($0, abs($1)) }
      #expect(difference <= 1e-4 && spread > 1e-3, "\(difference) of \(spread)")
    }
  }

  @Test("gives pictures that differ by no more than rounding, of any size")
  func pictures() throws {
    let model = randomModel(GeneratorDescription(blocks: 1, filters: 16))
    let translator = try Translator(model, .aToB, file: "m", on: CPUBackend(threads: 2))
    let picture = randomPicture(width: 61, height: 43, channels: 4)
    let whole = try translator(picture)
    translator.memory = MemoryLimit(
      bytes: 1, scratchFolder: FileManager.default.temporaryDirectory.path)
    let strips = try translator([.bytes(picture)])[0].image
    #expect(strips.channels == 4 && strips.width == 61 && strips.height == 43)
    let differences = zip(whole.samples, strips.samples).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 9 <= 1)
  }

  @Test("says where it could not store what does not fit")
  func noScratch() throws {
    let network = GeneratorDescription(blocks: 1, filters: 4).stripNetwork()
    let evaluation = StripEvaluation(
      on: CPUBackend(threads: 1), memory: 0, scratchFolder: "/proc/none")
    let rows = PictureRows(
      .bytes(randomPicture(width: 8, height: 8)), height: 8, width: 8, channels: 3)
    let error = TranslationError.scratch(
      folder: "/proc/none", reason: "No such file or directory")
    #expect(throws: error) { try network.evaluated(rows, by: evaluation) }
  }

  @Test("needs for each row just the rows that reach it", arguments: [4, 6, 8, 14])
  func reach(height: Int) {
    let reaches: [RowReach] = [
      .convolution(kernel: 7, stride: 1, padding: 3),
      .convolution(kernel: 3, stride: 2, padding: 1),
      .convolution(kernel: 4, stride: 2, padding: 1),
      .transposed(kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      .transposed(kernel: 4, stride: 2, padding: 1, outputPadding: 0),
      .repeated(factor: 2, kernel: 3),
    ]
    for reach in reaches {
      let output = reach.output(of: height)
      for first in 0..<output {
        for end in first + 1...output {
          let rows = reach.input(for: first..<end, of: height)
          let start = reach.firstOutput(ofRowsFrom: rows.lowerBound)
          #expect(rows.lowerBound >= 0 && rows.upperBound <= height && !rows.isEmpty)
          #expect(start <= first && start + reach.output(of: rows.count) >= end, "\(reach)")
        }
      }
    }
  }
}
