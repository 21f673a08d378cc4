import CycleGANKit
import Foundation
import TestSupport

/// A fresh folder with what commands need, and the program running in it.
struct Workplace {
  /// The folder, without a slash at the end.
  let path: String
  /// The program.
  var run: FolderProgram { FolderProgram(folder: path) }

  /// Runs a test in a workplace, which is removed afterwards.
  static func with(_ body: (Workplace) throws -> Void) throws {
    try withTemporaryFolder { try body(Workplace(path: $0)) }
  }

  /// Writes a picture of smooth random colours.
  func writePicture(
    _ name: String, width: Int = 16, height: Int = 12, channels: Int = 3,
    as format: ImageFormat = .png, seed: UInt64 = 1
  ) throws {
    var random = SeededRandom(seed: seed, purpose: "command test picture")
    let coarse = Image(
      width: 4, height: 4, channels: channels,
      samples: (0..<16 * channels).map { _ in UInt8(random.integer(below: 256)) })
    let picture = coarse.resized(width: width, height: height)
    try write(ImageFile.encode(picture, as: format, name: name), to: name)
  }

  /// Writes a whole picture, `in/a.jpg`, and one that is cut off, `in/b.jpg`.
  func writeCutOff() throws {
    try writePicture("in/a.jpg", width: 64, height: 64, as: .jpeg)
    try write(bytes("in/a.jpg").dropLast(100), to: "in/b.jpg")
  }

  /// Writes bytes, and makes the folders above them.
  func write(_ bytes: [UInt8], to name: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// Writes a tiny model of random weights.
  func writeModel(
    _ name: String, domains: ModelDescription.Domains = .init(a: "day", b: "night"),
    seed: UInt64 = 1
  ) throws {
    let generator = GeneratorDescription(blocks: 1, filters: 4)
    let description = ModelDescription(
      domains: domains, generator: generator, preprocessing: .init(size: 64, loadSize: 72),
      training: .init(program: "cyclegan 9.9", steps: 1234, epochs: 5, seed: 6))
    var model = ModelFile(description: description, generators: [:])
    for direction in Direction.allCases {
      let network = generator.network()
      network.initialize(seed: seed, name: direction.rawValue, gain: 0.2)
      model.generators[direction] = network.values
    }
    try write([], to: name)
    try model.write(to: "\(path)/\(name)")
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  /// The picture in a file.
  func picture(_ name: String) throws -> Image { try ImageFile.read("\(path)/\(name)") }

  /// All files of a folder by their relative names, in order.
  func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)").filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: "\(path)/\(folder)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}
