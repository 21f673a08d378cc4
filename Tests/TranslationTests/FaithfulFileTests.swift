import ConvolutionCore
import Files
import Foundation
import Images
import TestSupport
import Testing
import Translation

@Suite("A translation's files")
struct FaithfulFileTests {
  @Test("go to a folder for each target, decoded once")
  func severalTargets() throws {
    try withTemporaryFolder { root in
      for index in 0..<5 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      try write(numberedPicture(8), to: "\(root)/out/night/2.png")
      var batches: [[String: Int]] = []
      func target(_ name: String, _ change: @escaping (Image) -> Image) -> FolderTranslation.Target
      {
        .init(name: name, model: name) { pictures in
          batches.append([name: pictures.count])
          return pictures.map { .bytes(change($0.image)) }
        }
      }
      var translation = FolderTranslation()
      translation.batch = 2
      let summary = try translation.run(
        input: "\(root)/in", output: "\(root)/out",
        targets: [target("winter", inverted), target("night") { $0.flippedVertically() }])
      #expect(summary.translated == 5 && summary.kept == 0)
      for index in 0..<5 {
        let picture = numberedPicture(index)
        #expect(try ImageFile.read("\(root)/out/winter/\(index).png") == inverted(picture))
        let night = index == 2 ? numberedPicture(8) : picture.flippedVertically()
        #expect(try ImageFile.read("\(root)/out/night/\(index).png") == night)
      }
      #expect(
        batches == [
          ["winter": 2], ["night": 2], ["winter": 2], ["night": 1], ["winter": 1], ["night": 1],
        ])
    }
  }

  @Test("are scaled by their shorter side, and a size far from the training's is counted")
  func sizes() throws {
    try withTemporaryFolder { root in
      try write(randomPicture(width: 60, height: 40), to: "\(root)/in/a.png")
      try write(randomPicture(width: 9, height: 300), to: "\(root)/in/b.png")
      var translation = FolderTranslation()
      translation.trainedSize = 32
      let plain = try translation.run(
        input: "\(root)/in", output: "\(root)/plain", translate: inverted)
      #expect(plain.unusualSizes == 1)
      // What a strange model says of its size.
      translation.trainedSize = 1 << 62
      translation.existing = .replaced
      let strange = try translation.run(
        input: "\(root)/in", output: "\(root)/plain", translate: inverted)
      #expect(strange.unusualSizes == 2)
      translation.size = 20
      _ = try translation.run(input: "\(root)/in", output: "\(root)/out", translate: inverted)
      let (a, b) = (
        try ImageFile.read("\(root)/out/a.png"), try ImageFile.read("\(root)/out/b.png")
      )
      #expect(a.width == 30 && a.height == 20)
      #expect(b.width == 20 && b.height == 667)
    }
  }

  @Test("get the times of their inputs if asked to")
  func times() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      let date = Date(timeIntervalSince1970: 1_000_000_000)
      try FileManager.default.setAttributes(
        [.modificationDate: date], ofItemAtPath: "\(root)/in/a.png")
      for (keeps, output) in [(true, "kept"), (false, "new")] {
        var translation = FolderTranslation()
        translation.keepsTimes = keeps
        _ = try translation.run(
          input: "\(root)/in", output: "\(root)/\(output)", translate: inverted)
        let attributes = try FileManager.default.attributesOfItem(
          atPath: "\(root)/\(output)/a.png")
        #expect((attributes[.modificationDate] as? Date == date) == keeps)
      }
    }
  }

  @Test("are 16 bits deep, grey and transparent where the inputs are")
  func kinds() throws {
    let model = randomModel(tinyResNet)
    let translator = try Translator(model, .aToB, file: "m", on: CPUBackend(threads: 1))
    for channels in 1...4 {
      let picture = randomPicture(width: 13, height: 9, channels: channels)
      let deep = DeepImage(
        width: 13, height: 9, channels: channels, samples: picture.samples.map { UInt16($0) * 257 })
      let results = try translator([.bytes(picture), .words(deep)])
      #expect(results.map(\.channels) == [channels, channels])
      guard case .words(let words) = results[1] else {
        Issue.record("not 16 bits")
        continue
      }
      // Equal but for the rounding to 8 bits.
      for (word, byte) in zip(words.samples, results[0].image.samples) {
        #expect(abs(Int(word) - Int(byte) * 257) <= 129)
      }
    }
  }

  @Test("show the way back beside the original, if asked to")
  func roundTrip() throws {
    let model = randomModel(tinyResNet)
    let there = try Translator(model, .aToB, file: "m", on: CPUBackend(threads: 1))
    let back = try Translator(model, .bToA, file: "m", on: CPUBackend(threads: 1))
    let picture = randomPicture(width: 12, height: 8)
    let translated = try there(picture)
    let row = try RoundTrip(there: there, back: back)([.bytes(picture)])[0].image
    for (index, part) in try [picture, translated, back(translated)].enumerated() {
      let place = PixelRectangle(x: 12 * index, y: 0, width: 12, height: 8)
      #expect(row.cropped(to: place) == part)
    }
  }
}
