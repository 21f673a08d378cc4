import Files
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing
import Translation

@Suite("A folder's translation")
struct FolderTranslationTests {
  @Test("keeps names, formats and sizes, in folders and with spaces and colons")
  func namesAndFormats() throws {
    try withTemporaryFolder { root in
      let pictures: [(name: String, format: ImageFormat, width: Int, height: Int)] = [
        ("a b.png", .png, 5, 3), ("2015-01-02 10:20:30.jpg", .jpeg, 16, 9),
        ("deep/er/ü.JPEG", .jpeg, 8, 8), ("really a png.jpg", .png, 7, 7),
        ("really a jpeg.png", .jpeg, 1, 1),
      ]
      for picture in pictures {
        try write(
          randomPicture(width: picture.width, height: picture.height),
          to: "\(root)/in/\(picture.name)", picture.format)
      }
      try write(Array("notes".utf8), to: "\(root)/in/readme.txt")

      let summary = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out/there", translate: inverted)
      #expect(summary.translated == pictures.count && summary.failures.isEmpty)
      for picture in pictures {
        let path = "\(root)/out/there/\(picture.name)"
        let bytes = try WholeFile.read(path)
        #expect(ImageFormat(signatureOf: bytes) == picture.format, "\(picture.name)")
        let image = try ImageFile.read(path)
        #expect(image.width == picture.width && image.height == picture.height)
      }
      #expect(try files(in: "\(root)/out/there") == pictures.map(\.name).sorted())
    }
  }

  @Test("ends when who is told throws; what was done is whole, recorded, and not done again")
  func stopped() throws {
    try withTemporaryFolder { root in
      for index in 0..<9 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      var translated = 0
      #expect(throws: CancellationError.self) {
        try FolderTranslation().run(
          input: "\(root)/in", output: "\(root)/out", translate: inverted
        ) { event in
          if case .translated = event { translated += 1 }
          if translated == 3 { throw CancellationError() }
        }
      }
      let made = try files(in: "\(root)/out").count
      #expect((3..<9).contains(made), "\(made)")
      let lines = try WholeFile.read("\(root)/out/manifest.jsonl").count { $0 == 10 }
      #expect(lines == made)
      let rest = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(rest.kept == made && rest.translated == 9 - made && rest.failures.isEmpty)
    }
  }

  @Test("translates each picture to its own output, and tells so in order")
  func outcomes() throws {
    try withTemporaryFolder { root in
      let names = (0..<9).map { "\($0).png" }
      for (index, name) in names.enumerated() {
        try write(numberedPicture(index), to: "\(root)/in/\(name)")
      }
      var events: [FolderTranslation.Event] = []
      _ = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted
      ) { events.append($0) }
      let translations = names.map {
        FolderTranslation.Event.translated(
          input: "\(root)/in/\($0)", outputs: ["\(root)/out/\($0)"])
      }
      #expect(events == [.began(pictures: 9, kept: 0)] + translations)
      for (index, name) in names.enumerated() {
        #expect(try ImageFile.read("\(root)/out/\(name)") == inverted(numberedPicture(index)))
      }
    }
  }

  @Test("names bad pictures, leaves them out and does the rest")
  func badPictures() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/good.png")
      try write(numberedPicture(2), to: "\(root)/in/zebra.png")
      let cut = try WholeFile.read("\(root)/in/good.png").dropLast(20)
      try write(Array(cut), to: "\(root)/in/cut.png")
      try write([], to: "\(root)/in/empty.jpg")
      try write(Array("GIF89a".utf8), to: "\(root)/in/other.png")
      let summary = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(summary.translated == 2)
      #expect(
        summary.failures.map(\.input)
          == ["cut.png", "empty.jpg", "other.png"].map {
            "\(root)/in/\($0)"
          })
      for failure in summary.failures { #expect(failure.reason.hasPrefix(failure.input)) }
      #expect(try files(in: "\(root)/out") == ["good.png", "zebra.png"])
    }
  }

  @Test("leaves outputs alone that are there already, unless told otherwise")
  func existingOutputs() throws {
    try withTemporaryFolder { root in
      for index in 0..<3 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      try write(numberedPicture(7), to: "\(root)/out/1.png")
      var translation = FolderTranslation()
      let first = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(first.translated == 2 && first.kept == 1)
      #expect(try ImageFile.read("\(root)/out/1.png") == numberedPicture(7))

      translation.existing = .replaced
      let second = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(second.translated == 3 && second.kept == 0)
      #expect(try ImageFile.read("\(root)/out/1.png") == inverted(numberedPicture(1)))
    }
  }

  @Test("does not take what it wrote into the input folder for input")
  func outputInsideInput() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      for _ in 0..<2 {
        var translation = FolderTranslation()
        translation.existing = .replaced
        let summary = try translation.run(
          input: "\(root)/in", output: "\(root)/in/out", translate: inverted)
        #expect(summary.translated == 1)
      }
      #expect(try files(in: "\(root)/in") == ["a.png", "out/a.png"])
    }
  }

  @Test("refuses to write over its input, by whatever path")
  func outputIsInput() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/link", withDestinationPath: "\(root)/in")
      for output in ["\(root)/in", "\(root)/in/", "\(root)/in/../in", "\(root)/link"] {
        #expect(throws: TranslationError.outputIsInput("\(root)/in")) {
          try translateInverted("\(root)/in", to: output)
        }
      }
      #expect(throws: TranslationError.outputIsInput("\(root)/in/a.png")) {
        try translateInverted("\(root)/in/a.png", to: "\(root)/in")
      }
      // The input lies in the output, and one of its pictures would be replaced.
      try write(numberedPicture(2), to: "\(root)/in/in/a.png")
      #expect(throws: TranslationError.self) { try translateInverted("\(root)/in", to: root) }
      #expect(try ImageFile.read("\(root)/in/a.png") == numberedPicture(1))
    }
  }

  @Test("takes one picture to a folder or to a name, whose end may ask for another format")
  func onePicture() throws {
    try withTemporaryFolder { root in
      let input = "\(root)/a.png"
      try write(numberedPicture(1).converted(toChannels: 4), to: input)
      try translateInverted(input, to: "\(root)/folder")
      try translateInverted(input, to: "\(root)/slash.png/")
      try translateInverted(input, to: "\(root)/new/name.png")
      try translateInverted(input, to: "\(root)/new/other.jpg")
      #expect(
        try files(in: root) == [
          "a.png", "folder/a.png", "new/name.png", "new/other.jpg", "slash.png/a.png",
        ])
      #expect(try format(of: "\(root)/new/name.png") == .png)
      #expect(try format(of: "\(root)/new/other.jpg") == .jpeg)
      #expect(try ImageFile.read("\(root)/new/name.png").channels == 4)
    }
  }

  @Test("refuses a missing input, an empty folder, and a file in the place of a folder")
  func refusals() throws {
    try withTemporaryFolder { root in
      #expect(throws: TranslationError.missingInput("\(root)/none")) {
        try translateInverted("\(root)/none", to: "\(root)/out")
      }
      try FileManager.default.createDirectory(
        atPath: "\(root)/empty", withIntermediateDirectories: true)
      #expect(throws: DatasetError.noPictures("\(root)/empty", foreignCount: 0)) {
        try translateInverted("\(root)/empty", to: "\(root)/out")
      }
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      try write([1], to: "\(root)/file")
      #expect(throws: TranslationError.outputIsAFile("\(root)/file")) {
        try translateInverted("\(root)/in", to: "\(root)/file")
      }
    }
  }
}
