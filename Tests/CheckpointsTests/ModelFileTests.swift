import Files
import Tensors
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Model file")
struct ModelFileTests {
  private static let description = ModelDescription(
    domains: .init(a: "summer", b: "winter"),
    generator: GeneratorDescription(blocks: 3, filters: 8, inputChannels: 1, outputChannels: 3),
    preprocessing: .init(size: 64, loadSize: 72),
    training: .init(
      program: "cyclegan 0.1", steps: 120, epochs: 2, seed: .max, options: ["--size": "64"]))

  private static let model = ModelFile(
    description: description,
    generators: [
      .aToB: [
        "model.1.weight": Tensor([1, 2, 3, 4], (0..<24).map(Float.init)),
        "model.1.bias": Tensor([4], [0, 1, 2, 3]),
      ],
      .bToA: ["model.1.bias": Tensor([2], [5, 6])],
    ])

  @Test(
    "A model is read as it was written", arguments: [Safetensors.StoredType.float32, .float16])
  func roundTrip(type: Safetensors.StoredType) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try Self.model.write(to: path, as: type)
      #expect(try ModelFile.read(path) == Self.model)
    }
  }

  @Test("On disk, tensors have the direction's prefix and the reference's layout")
  func storedNames() throws {
    try withTemporaryFolder { folder in
      try Self.model.write(to: folder + "/m")
      let contents = try Safetensors.read(folder + "/m")
      #expect(
        contents.tensors.keys.sorted() == [
          "generatorAB.model.1.bias", "generatorAB.model.1.weight", "generatorBA.model.1.bias",
        ])
      #expect(contents.tensors["generatorAB.model.1.weight"]?.shape == [4, 1, 2, 3])
      #expect(contents.metadata["format"] == "pt")
    }
  }

  @Test("Counters of steps, which PyTorch stores beside a batch norm, are passed over")
  func counters() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m"
      try Self.model.write(to: path)
      let bytes = try WholeFile.read(path)
      let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      let data = bytes[(8 + length)...]
      let counter =
        #""generatorAB.model.2.num_batches_tracked":"#
        + #"{"dtype":"I64","shape":[],"data_offsets":[\#(data.count),\#(data.count + 8)]}}"#
      let end = try #require(header.lastIndex(of: "}"))
      try Safetensors.write(
        header: header[..<end] + "," + counter, data: data + [UInt8](repeating: 1, count: 8),
        to: path)
      #expect(try ModelFile.read(path) == Self.model)
    }
  }

  @Test("One direction alone can be read, and asking for an absent one is an error")
  func oneDirection() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m"
      try Self.model.write(to: path)
      let model = try ModelFile.read(path, directions: [.bToA])
      #expect(model.generators.keys.map(\.self) == [.bToA])
      #expect(throws: CheckpointError(file: path, .missingDirection(.aToB))) {
        try model.parameters(.aToB, file: path)
      }
    }
  }

  @Test("The direction from B to A has the channels exchanged")
  func reversedChannels() {
    let reversed = Self.description.generator(.bToA)
    #expect(reversed.inputChannels == 3 && reversed.outputChannels == 1)
  }

  @Test("Unknown keys are ignored, a missing or unknown one is named")
  func descriptionEvolves() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m"
      let generator =
        #""generator":{"kind":"resnet","blocks":3,"filters":8,"inputChannels":3,"#
        + #""outputChannels":3,"norm":"instance","padding":"reflect","upsampling":"transposed","#
        + #""dropout":false,"colour":"blue"}"#
      func describe(_ json: String) throws -> ModelDescription {
        try Safetensors(metadata: ["cyclegan": json]).write(to: path)
        return try ModelFile.read(path).description
      }
      let domains = #""domains":{"a":"x","b":"y"}"#
      let read = try describe(#"{"version":7,"later":[1],\#(domains),\#(generator)}"#)
      #expect(read.version == 7 && read.generator.filters == 8 && read.training == nil)
      let faults = [
        ("nonsense", "no valid JSON"), (#"{"version":1,\#(domains)}"#, "lacks 'generator'"),
        (
          #"{"version":1,\#(domains),\#(generator.replacing("resnet", with: "spline"))}"#,
          "unknown value in 'generator.kind'"
        ),
        (#"{"version":"x",\#(domains),\#(generator)}"#, "wrong kind in 'version'"),
      ]
      for (json, words) in faults {
        let error = #expect(throws: CheckpointError.self) { try describe(json) }
        let text = error?.description ?? ""
        #expect(text.contains(words) && text.contains(path), "\(text)")
      }
    }
  }

  @Test("A bare ResNet generator is recognised by its weights", arguments: [false, true])
  func infersResNet(dropout: Bool) throws {
    var shapes: [String: Shape] = [
      "model.1.weight": [8, 1, 7, 7], "model.4.weight": [16, 8, 3, 3],
      "model.7.weight": [32, 16, 3, 3], "model.13.weight": [32, 16, 3, 3],
      "model.16.weight": [16, 8, 3, 3], "model.20.weight": [3, 8, 7, 7], "model.20.bias": [3],
    ]
    for block in 10..<13 {
      shapes["model.\(block).conv_block.1.weight"] = [32, 32, 3, 3]
      shapes["model.\(block).conv_block.\(dropout ? 6 : 5).weight"] = [32, 32, 3, 3]
    }
    let expected = GeneratorDescription(
      blocks: 3, filters: 8, inputChannels: 1, outputChannels: 3, dropout: dropout)
    try expectInferred(expected, shapes)
  }

  @Test("A bare U-Net generator is recognised by its weights")
  func infersUNet() throws {
    var shapes: [String: Shape] = [
      "model.model.0.weight": [4, 3, 4, 4], "model.model.3.weight": [8, 2, 4, 4],
      "model.model.3.bias": [2],
    ]
    var path = "model.model.1.model"
    for level in 1..<7 {
      shapes[path + ".1.weight"] = [8, 8, 4, 4]
      shapes[path + (level == 6 ? ".3.weight" : ".5.weight")] = [8, 8, 4, 4]
      path += ".3.model"
    }
    let expected = GeneratorDescription(
      kind: .unet, blocks: 7, filters: 4, outputChannels: 2, padding: .zero)
    try expectInferred(expected, shapes)
  }

  @Test(
    "Weights of something else are no generator",
    arguments: ["layer1.0.conv", ".conv_block.", "model.10.conv_block."])
  func refusesStrangers(name: String) throws {
    try withTemporaryFolder { folder in
      let tensors = [name: Tensor(zeros: [1, 1, 1, 1]), "model.7.weight": Tensor(zeros: [1])]
      try Safetensors(tensors: tensors).write(to: folder + "/m")
      let error = #expect(throws: CheckpointError.self) { try ModelFile.read(folder + "/m") }
      #expect(error?.description.contains(name) == true)
    }
  }

  private func expectInferred(_ expected: GeneratorDescription, _ shapes: [String: Shape]) throws {
    try withTemporaryFolder { folder in
      try Safetensors(tensors: shapes.mapValues { Tensor(zeros: $0) }).write(to: folder + "/m")
      let model = try ModelFile.read(folder + "/m")
      #expect(model.description.generator == expected)
      #expect(model.generators[.aToB]?.count == shapes.count)
    }
  }
}
