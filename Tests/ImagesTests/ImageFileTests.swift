import Files
import Foundation
import Images
import Testing

@Suite("Picture files")
struct ImageFileTests {
  /// A folder of its own for a test, removed afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private let image = Image.gradient(width: 20, height: 10, channels: 3)

  @Test("the bytes decide the format, not the name")
  func sniffing() throws {
    try withFolder { folder in
      try ImageFile.write(image, to: folder + "/really png.jpg", format: .png)
      #expect(try ImageFile.read(folder + "/really png.jpg") == image)
    }
  }

  @Test("the name decides what is written", arguments: ["a.png", "A.PNG", "a.b.jpg", "a.JPEG"])
  func names(name: String) throws {
    try withFolder { folder in
      let path = "\(folder)/\(name)"
      try ImageFile.write(image, to: path)
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      #expect(ImageFormat(signatureOf: bytes) == ImageFormat(extensionOf: name))
      #expect(try ImageFile.read(path).greatestDifference(from: image)! <= 16)
    }
  }

  @Test("a name without a known end is refused", arguments: ["a", "a.gif", "png", "a.png/b"])
  func unknownNames(name: String) {
    #expect(ImageFormat(extensionOf: name) == nil)
    #expect(throws: ImageError(name, .unknownExtension)) { try ImageFile.write(image, to: name) }
  }

  @Test("errors name the file, what was found and what to do")
  func errors() throws {
    func message(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: ImageError.self) {
        try ImageFile.decode(bytes, name: "summer/a.png")
      }
      return error?.description
    }
    #expect(
      message([]) == "summer/a.png: an empty file. Replace or remove the file.")
    #expect(
      message(Array("GIF89a".utf8))
        == "summer/a.png: a GIF file, neither PNG nor JPEG. Convert it to an ordinary PNG or JPEG.")
    #expect(
      message([0, 1, 0xab])
        == "summer/a.png: neither PNG nor JPEG (it starts with 00 01 ab). "
        + "Convert it to an ordinary PNG or JPEG.")
    #expect(
      message([0xff, 0xd8, 0xff])?.hasSuffix("Replace or remove the file.") == true)
  }

  @Test("a missing file and one that is too long are errors of the file")
  func unreadable() throws {
    #expect(throws: FileError(.read, "/no/such.png", .system(code: ENOENT))) {
      try ImageFile.read("/no/such.png")
    }
    try withFolder { folder in
      let path = folder + "/a.png"
      try ImageFile.write(image, to: path)
      #expect(throws: FileError(.read, path, .tooLarge(limit: 10))) {
        try ImageFile.read(path, limits: DecodingLimits(maximumBytes: 10))
      }
    }
  }

  @Test("a picture that cannot be encoded leaves the old file alone")
  func failedWrite() throws {
    try withFolder { folder in
      let path = folder + "/a.jpg"
      try ImageFile.write(image, to: path)
      let before = try Data(contentsOf: URL(filePath: path))
      #expect(throws: ImageError.self) {
        try ImageFile.write(Image(width: 1, height: 1, channels: 4), to: path)
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }
  }
}
