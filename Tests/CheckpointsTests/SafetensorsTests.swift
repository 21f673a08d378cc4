import Files
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Safetensors")
struct SafetensorsTests {
  private static let sample = Safetensors(
    tensors: [
      "b.weight": Tensor([2, 3], [1, -2, 0.5, 3.25, 65504, 0x1p-14]), "a": Tensor(7),
      "größe \"1\"\\\n": Tensor(zeros: [0, 4]), "odd": Tensor([3], [1, 2, 3]),
    ],
    metadata: ["format": "pt", "tab\tquote\"": "é 𝄞 / \\ \u{1}"])

  @Test(
    "What is written is read again, exactly where the stored type can hold it",
    arguments: [Safetensors.StoredType.float32, .float16])
  func roundTrip(type: Safetensors.StoredType) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try Self.sample.write(to: path, as: type)
      #expect(try Safetensors.read(path) == Self.sample)
    }
  }

  @Test("Equal contents give equal bytes, and the data begin at a multiple of eight")
  func deterministicBytes() throws {
    try withTemporaryFolder { folder in
      try Self.sample.write(to: folder + "/1")
      let reordered = Dictionary(
        uniqueKeysWithValues: Self.sample.tensors.sorted { $0.key > $1.key })
      try Safetensors(tensors: reordered, metadata: Self.sample.metadata).write(to: folder + "/2")
      let bytes = try WholeFile.read(folder + "/1")
      #expect(try WholeFile.read(folder + "/2") == bytes)
      #expect(bytes[0] % 8 == 0)
      #expect(bytes[8] == UInt8(ascii: "{"))
    }
  }

  @Test("Stored as F16, BF16 and F64, tensors become 32-bit floats")
  func convertsStoredTypes() throws {
    try withTemporaryFolder { folder in
      let header =
        #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},"#
        + #""d":{"dtype":"F64","shape":[],"data_offsets":[6,14]}}"#
      let half: [UInt8] = [0x00, 0x3e, 0x00, 0xc0]
      let brain: [UInt8] = [0x49, 0x40]
      let double = withUnsafeBytes(of: Double(-2.5)) { Array($0) }
      let path = folder + "/x"
      try Safetensors.write(header: header, data: half + brain + double, to: path)
      let tensors = try Safetensors.read(path).tensors
      #expect(tensors["h"]?.values == [1.5, -2])
      #expect(tensors["b"]?.scalar == 3.140625)
      #expect(tensors["d"]?.scalar == -2.5)
    }
  }

  @Test("Only the tensors that are wanted are read")
  func readsWantedOnly() throws {
    try withTemporaryFolder { folder in
      try Self.sample.write(to: folder + "/x")
      let contents = try Safetensors.read(folder + "/x") { $0 == "odd" }
      #expect(contents.tensors == ["odd": Tensor([3], [1, 2, 3])])
      #expect(contents.metadata == Self.sample.metadata)
      let shapes = try Safetensors.readHeader(folder + "/x").shapes
      #expect(shapes == Self.sample.tensors.mapValues(\.shape))
    }
  }

  @Test("A weight too large for F16 is named, and no file appears")
  func refusesOverflow() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x"
      let expected = CheckpointError(
        file: path, .unrepresentable(tensor: "w", value: 70000, type: "F16"))
      #expect(throws: expected) {
        try Safetensors(tensors: ["w": Tensor(70000)]).write(to: path, as: .float16)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  /// A faulty header over four bytes of data, and a part of the error's words.
  private static let faults: [(header: String, words: String)] = [
    ("", "'{' was expected"),
    ("[]", "'{' was expected"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, "',' was expected"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x"#, "something follows"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "needs 4 bytes and has 8"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "needs 8 bytes and has 4"),
    (#"{"a":{"dtype":"F32","shape":[1,-1],"data_offsets":[0,4]}}"#, "whole number"),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, "',' was expected"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "ascending offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "ascending offsets"),
    (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, "lacks a type, a shape"),
    (#"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#, "repeated"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "begins at byte 4"),
    (
      #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#
        + #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "'a' occurs twice"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "begins at byte 0"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
      "absurdly large"
    ),
    (
      #"{"a":{"dtype":"I8","shape":[9223372036854775807,9223372036854775807],"#
        + #""data_offsets":[0,4]}}"#, "absurdly large"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#,
      "absurdly large"
    ),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "too large"),
    (#"{"__metadata__":{"a":1}}"#, "'\"' was expected"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, "key 'a' occurs twice"),
    (#"{"__metadata__":{"a":"\ud800"}}"#, "half a pair"),
    (#"{"__metadata__":{"a":"\x"}}"#, "escape is unknown"),
    (#"{"__metadata__":{}}"#, "4 bytes follow the last tensor"),
    (#"{"a":{"dtype":"I4","shape":[1],"data_offsets":[0,4]}}"#, "stored as I4"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "cut off"),
  ]

  @Test("A faulty file gives an error that names it and the fault", arguments: faults)
  func refusesFaults(fault: (header: String, words: String)) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/faulty.safetensors"
      try Safetensors.write(header: fault.header, data: [0, 0, 0, 0], to: path)
      let error = #expect(throws: CheckpointError.self) { try Safetensors.read(path) }
      let description = error?.description ?? ""
      #expect(description.contains(fault.words) && description.contains(path), "\(description)")
    }
  }

  @Test("Files too short for a header, and headers too long for a file, are refused")
  func refusesLengths() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x"
      for bytes in [
        [], [1, 2, 3], [200, 0, 0, 0, 0, 0, 0, 0, 0x7b], [UInt8](repeating: 255, count: 100),
      ] as [[UInt8]] {
        try AtomicFile.write(bytes, to: path)
        #expect(throws: CheckpointError.self) { try Safetensors.read(path) }
      }
      #expect(throws: FileError.self) { try Safetensors.read(folder) }
      #expect(throws: FileError.self) { try Safetensors.read(folder + "/absent") }
    }
  }

  @Test("Whatever bytes change or are cut off, reading ends in a value or a CheckpointError")
  func survivesDamage() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x"
      try Self.sample.write(to: path)
      let whole = try WholeFile.read(path)
      var random = SeededRandom(seed: 5, purpose: "fuzz")
      var refused = 0
      for round in 0..<1500 {
        var bytes = whole
        for _ in 0...random.integer(below: 4) {
          let position = random.integer(below: round % 3 == 0 ? bytes.count : bytes.count / 2)
          bytes[position] = UInt8(truncatingIfNeeded: random.next())
        }
        if round % 4 == 0 { bytes.removeLast(random.integer(below: bytes.count)) }
        try bytes.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
        do {
          _ = try Safetensors.read(path)
        } catch {
          #expect(error is CheckpointError, "round \(round): \(error)")
          refused += 1
        }
      }
      #expect(refused > 750)
    }
  }
}

extension Safetensors {
  /// Writes a file of any header and any data.
  static func write(header: String, data: [UInt8], to path: String) throws {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> ($0 * 8)) }
    try AtomicFile.write(length + Array(header.utf8) + data, to: path)
  }
}
