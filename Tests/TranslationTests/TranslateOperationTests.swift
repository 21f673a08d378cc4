import Augmentation
import Checkpoints
import ConvolutionCore
import Foundation
import GANs
import ImageDatasets
import Images
import TestSupport
import Testing
import Translation

@Suite("Translating in a pipeline")
struct TranslateOperationTests {
  private func write(_ generator: GeneratorDescription, to path: String) throws -> ModelFile {
    let model = randomModel(generator)
    try model.write(to: path)
    return model
  }

  private func translation(
    of picture: Image, by model: ModelFile, _ direction: Direction = .aToB
  ) throws -> Image {
    try Translator(model, direction, file: "model", on: CPUBackend(threads: 2))(picture)
  }

  @Test("The picture is the translator's, and labels and masks stay")
  func labels() throws {
    try withTemporaryFolder { root in
      let model = try write(tinyResNet, to: "\(root)/m.safetensors")
      let pipeline = Pipeline {
        Translate(model: "\(root)/m.safetensors", to: "summer", probability: 1)
      }
      let picture = randomPicture(width: 30, height: 22)
      let before = AnnotatedImage(
        picture, masks: [randomPicture(width: 30, height: 22, channels: 1)],
        boxes: [.init(left: 2, top: 3, right: 9, bottom: 12)], keypoints: [.init(x: 4, y: 5)])
      let (after, record) = try pipeline.applyRecording(to: before, key: .init(seed: 1))
      #expect(after.image == (try translation(of: picture, by: model, .bToA)))
      #expect(after.masks == before.masks && after.boxes == before.boxes)
      #expect(after.keypoints == before.keypoints)
      #expect(try record.replay(on: before, catalog: .complete) == after)
    }
  }

  @Test("A recipe names the model from where it lies; folders are the same with 1, 2, 4 threads")
  func recipe() throws {
    try withTemporaryFolder { root in
      for folder in ["recipes", "in"] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
      }
      let model = try write(tinyUNet, to: "\(root)/recipes/m.safetensors")
      let pictures = (0..<6).map { randomPicture(width: 33, height: 20, seed: $0) }
      for (number, picture) in pictures.enumerated() {
        try ImageFile.write(picture, to: "\(root)/in/\(number).png")
      }
      let text = "- Translate: {model: m.safetensors, p: 1}\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/recipes/r.yaml"))
      let pipeline = try Recipe.load("\(root)/recipes/r.yaml", catalog: .complete)
      for threads in [1, 2, 4] {
        var augmenter = FolderAugmenter(pipeline)
        augmenter.threads = threads
        _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out\(threads)")
        for (number, picture) in pictures.enumerated() {
          let made = try ImageFile.read("\(root)/out\(threads)/\(number).png")
          #expect(
            made == (try translation(of: picture, by: model)), "\(threads) threads, \(number)")
        }
      }
    }
  }

  @Test("A folder beside a recipe that holds no model does not stand in for the bundled one")
  func folderOfPictures() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(
        atPath: "\(root)/seasons", withIntermediateDirectories: true)
      func model(_ name: String) throws -> String? {
        let pipeline = try Recipe.read(
          "- Translate: {model: \(name)}", file: "\(root)/r.yaml", catalog: .complete)
        return (pipeline.operations.first as? Translate)?.model
      }
      #expect(try model("seasons") == "seasons")
      _ = try write(tinyResNet, to: "\(root)/seasons/model.safetensors")
      #expect(try model("seasons") == "\(root)/seasons")
      try FileManager.default.createDirectory(
        atPath: "\(root)/mine", withIntermediateDirectories: true)
      #expect(try model("mine") == "\(root)/mine")
    }
  }

  @Test("A model that is missing, or leads elsewhere, ends the work before the first picture")
  func missing() throws {
    try withTemporaryFolder { root in
      _ = try write(tinyResNet, to: "\(root)/m.safetensors")
      try FileManager.default.createDirectory(
        atPath: "\(root)/in", withIntermediateDirectories: true)
      try ImageFile.write(randomPicture(width: 8, height: 8), to: "\(root)/in/a.png")
      for (operation, words) in [
        (Translate(model: "\(root)/none"), "There is no"),
        (Translate(model: "\(root)/m.safetensors", to: "autumn"), "autumn"),
      ] {
        let error = #expect(throws: AugmentationError.self) {
          try FolderAugmenter(Pipeline([operation]))
            .run(input: "\(root)/in", output: "\(root)/out")
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      }
    }
  }
}
