import Foundation
import Images
import TestSupport
import Testing

@testable import Augmentation

@Suite("Operations that borrow from other pictures")
struct ReferenceTests {
  private func fill(_ folder: String, broken: Set<Int>) throws {
    for number in 0..<4 {
      let path = "\(folder)/\(number).png"
      try ImageFile.write(
        Image(width: 9, height: 7, channels: 3, repeating: UInt8(50 * number)), to: path)
      if broken.contains(number) {
        try Data([0x89, 0x50]).write(to: URL(fileURLWithPath: path))
      }
    }
  }

  @Test("pass over a picture that cannot be read for the next one, and so again each time")
  func broken() throws {
    try withTemporaryFolder { root in
      try fill(root, broken: [1, 3])
      // The order in which pictures are asked for must not matter.
      for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 3, 3]] {
        let folder = ReferenceFolder(root)
        for number in order {
          let level = try folder.picture(number, for: "Mixup")[0, 0, 0]
          #expect(level == [0, 100, 100, 0][number], "\(number)")
        }
      }
      let steps: [any PipelineStep] = [
        Mixup(folder: root, probability: 1), CutMix(folder: root, probability: 1),
        HistogramMatching(folder: root, probability: 1),
        FourierDomainAdaptation(folder: root, probability: 1),
      ]
      for index in 0..<8 {
        _ = try Pipeline(steps).apply(to: ramp(20, 15), seed: 1, index: index)
      }
    }
  }

  @Test("lend a flat picture no waves, since it has no phases of its own", arguments: [64, 150])
  func flat(side: Int) throws {
    try withTemporaryFolder { root in
      let texture = Image(
        width: side, height: side, channels: 3,
        samples: (0..<side * side * 3).map { UInt8(($0 * 37 + $0 / side * 91) % 251) })
      try ImageFile.write(texture, to: "\(root)/texture.png")
      let adaptation = Pipeline([
        FourierDomainAdaptation(folder: root, amount: 0.2...0.2, probability: 1)
      ])
      for level in [UInt8(0), 128] {
        let flat = Image(width: side, height: side, channels: 3, repeating: level)
        let result = try adaptation.apply(to: flat, seed: 1)
        for channel in 0..<3 {
          let levels = Set(
            stride(from: channel, to: result.samples.count, by: 3).map { result.samples[$0] })
          #expect(levels.count == 1 && (level > 0 || levels == [0]), "\(level): \(levels)")
        }
      }
    }
  }

  @Test("are an error where no picture of the folder can be read")
  func allBroken() throws {
    try withTemporaryFolder { root in
      try fill(root, broken: [0, 1, 2, 3])
      for _ in 0..<2 {
        let error = #expect(throws: AugmentationError.self) {
          try ReferenceFolder(root).picture(2, for: "Mixup")
        }
        let words = error?.description ?? ""
        #expect(words.contains("none of its 4 files can be read"), "\(words)")
        #expect(words.contains("2.png") && words.contains("Name a folder"), "\(words)")
      }
    }
  }
}
