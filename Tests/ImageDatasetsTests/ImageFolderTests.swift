import Foundation
import ImageDatasets
import TestSupport
import Testing

/// Makes an empty file and the folders above it.
func touch(_ path: String) throws {
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  try Data().write(to: URL(fileURLWithPath: path))
}

@Suite("Folders of pictures")
struct ImageFolderTests {
  @Test("Pictures are found in all folders, in a fixed order, whatever their names")
  func search() throws {
    try withTemporaryFolder { root in
      let pictures = [
        "10.PNG", "9.jpg", "a/x.png", "a b/c:d.jpeg", "a b/ü.Jpg", "z/y/x/w.png",
      ]
      let others = [
        ".hidden.png", ".git/x.png", "notes.txt", "png", "a/thumbs.db", "a/x.png.bak",
      ]
      for name in (pictures + others).shuffled() { try touch("\(root)/\(name)") }
      let folder = try ImageFolder(root)
      #expect(folder.names == pictures)
      #expect(folder.count == 6)
      #expect(folder.path(at: 3) == "\(root)/a b/c:d.jpeg")
    }
  }

  @Test("Links are followed, loops are not, and what leads nowhere is left to whoever reads it")
  func links() throws {
    try withTemporaryFolder { root in
      let files = FileManager.default
      try touch("\(root)/in/a.png")
      try touch("\(root)/elsewhere/b.png")
      try files.createSymbolicLink(
        atPath: "\(root)/in/loop", withDestinationPath: "\(root)/in")
      try files.createSymbolicLink(
        atPath: "\(root)/in/more", withDestinationPath: "\(root)/elsewhere")
      try files.createSymbolicLink(
        atPath: "\(root)/elsewhere/back", withDestinationPath: "\(root)/elsewhere")
      try files.createSymbolicLink(
        atPath: "\(root)/in/gone.png", withDestinationPath: "\(root)/nothing.png")
      #expect(try ImageFolder("\(root)/in").names == ["a.png", "gone.png", "more/b.png"])
    }
  }

  @Test("A name that is no text is a candidate, so that reading it says so")
  func strangeName() throws {
    try withTemporaryFolder { root in
      #if os(Linux)
        let file = (Array("\(root)/a".utf8) + [0xff] + Array(".png\0".utf8)).map(
          CChar.init(bitPattern:))
        let descriptor = creat(file, 0o666)
        #expect(descriptor >= 0)
        close(descriptor)
        let candidates = try ImageFolder(root)
        #expect(candidates.count == 1)
      #endif
    }
  }

  @Test("A missing, wrong or empty folder is an error that says what to do")
  func errors() throws {
    try withTemporaryFolder { root in
      try touch("\(root)/summer/readme.txt")
      let empty = #expect(throws: DatasetError.self) { try ImageFolder("\(root)/summer/") }
      #expect(
        empty?.description
          == "No pictures in \(root)/summer/. Put PNG or JPEG files there.")
      #expect(throws: DatasetError.missingFolder("\(root)/autumn")) {
        try ImageFolder("\(root)/autumn")
      }
      #expect(throws: DatasetError.notAFolder("\(root)/summer/readme.txt")) {
        try ImageFolder("\(root)/summer/readme.txt")
      }
    }
  }

  @Test("Pairs have the same name, whatever their format")
  func pairs() throws {
    try withTemporaryFolder { root in
      for name in ["A/1.png", "A/s/2.jpg", "A/3.png", "B/1.jpg", "B/s/2.jpg", "B/4.png", "C/9.png"]
      { try touch("\(root)/\(name)") }
      let a = try ImageFolder("\(root)/A"), b = try ImageFolder("\(root)/B")
      let names = try a.pairs(with: b).map { [a.names[$0.0], b.names[$0.1]] }
      #expect(names == [["1.png", "1.jpg"], ["s/2.jpg", "s/2.jpg"]])
      // The same format goes before others, and names that read alike are two.
      for name in ["D/a.jpg", "D/a.png", "D/e\u{301}.png", "D/\u{e9}.png"] {
        try touch("\(root)/\(name)")
      }
      let d = try ImageFolder("\(root)/D")
      #expect(try d.pairs(with: d).map { [$0.0, $0.1] } == d.names.indices.map { [$0, $0] })
      #expect(throws: DatasetError.noPairs("\(root)/A", "\(root)/C")) {
        try a.pairs(with: ImageFolder("\(root)/C"))
      }
    }
  }
}
