import Files
import Foundation
import TestSupport
import Testing

@Suite("Paths")
struct PathTests {
  /// A folder that begins with a mark which joins the character before it.
  private static let marked = "\u{FE0F} sun"

  @Test("are split at slashes, whatever stands behind one")
  func parts() {
    #expect(FilePaths.folder(of: "a/b/c") == "a/b" && FilePaths.name(of: "a/b/c") == "c")
    #expect(FilePaths.folder(of: "c") == "." && FilePaths.folder(of: "/c") == "/")
    #expect(FilePaths.name(of: "a/b/") == "b" && FilePaths.parts(of: "//a//b/") == ["a", "b"])
    let path = FilePaths.join("a", Self.marked)
    #expect(FilePaths.folder(of: path) == "a")
    #expect(Array(FilePaths.name(of: path).utf8) == Array(Self.marked.utf8))
    #expect(FilePaths.join("a/", "b") == "a/b" && FilePaths.join("/", "b") == "/b")
    #expect(FilePaths.join("", "b") == "b")
  }

  @Test("lie in a folder by their bytes")
  func containment() {
    #expect(FilePaths.contains("/a", "/a") && FilePaths.contains("/a", "/a/b"))
    #expect(FilePaths.contains("/", "/a") && !FilePaths.contains("/a", "/ab"))
    #expect(FilePaths.contains("/a", "/a/" + Self.marked))
    #expect(!FilePaths.contains("/caf\u{E9}", "/cafe\u{301}/b"))
    #expect(FilePaths.relative("a/b/c", to: "a") == "b/c")
    #expect(FilePaths.relative("a//b", to: "a/") == "b" && FilePaths.relative("ab", to: "a") == nil)
  }

  @Test("lead where links lead, and on to what is not there yet")
  func real() throws {
    try withTemporaryFolder { root in
      try NewFolder.create("\(root)/there/\(Self.marked)")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/link", withDestinationPath: "there")
      let folder = try #require(FilePaths.real("\(root)/there"))
      #expect(RealPath.of("\(root)/link/new/../other") == folder + "/other")
      #expect(RealPath.of("\(root)/link/") == folder)
      #expect(RealPath.lies("\(root)/link/\(Self.marked)/new", in: "\(root)/there"))
      #expect(!RealPath.lies("\(root)/new", in: "\(root)/there"))
      #expect(!RealPath.lies("\(root)/there", in: "\(root)/nowhere"))
    }
  }

  @Test("are looked at through links", arguments: [("file", FileEntry.Kind.file), ("f", .folder)])
  func entries(name: String, kind: FileEntry.Kind) throws {
    try withTemporaryFolder { root in
      try NewFolder.create("\(root)/f")
      try AtomicFile.write("", to: "\(root)/file")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/link", withDestinationPath: name)
      #expect(FileEntry(at: "\(root)/link")?.kind == kind && FilePaths.isLink("\(root)/link"))
      #expect(FileEntry(at: "\(root)/link")?.identity == FileIdentity(of: "\(root)/\(name)"))
      #expect(FileEntry(at: "\(root)/nothing") == nil && FileEntry(at: "/dev/null")?.kind == .other)
    }
  }

  @Test("numbers in names have as many digits as it takes")
  func digits() {
    #expect(42.digits(atLeast: 5) == "00042" && 123_456.digits(atLeast: 5) == "123456")
    #expect(UInt64(255).digits(atLeast: 4, radix: 16) == "00ff")
  }
}

@Suite("A walk through a folder")
struct FolderWalkTests {
  private struct Refused: Error {}

  /// What a walk finds, and what it cannot list.
  private func walk(_ root: String) -> (names: [String], failures: [FileError]) {
    var names: [String] = [], failures: [FileError] = []
    FolderWalk.files(in: root, onUnlistable: { failures.append($0) }, visit: { names.append($0) })
    return (names, failures)
  }

  @Test("goes by the names' bytes, enters links once, and leaves out what is hidden")
  func order() throws {
    try withTemporaryFolder { root in
      for name in ["b/z", "b/.hid/x", "b.txt", "a", ".h", "c/d/e"] {
        try NewFolder.create(FilePaths.folder(of: "\(root)/\(name)"))
        try AtomicFile.write("", to: "\(root)/\(name)")
      }
      for (link, target) in [("c/round", "../c"), ("again", "b"), ("lost", "nowhere")] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(root)/\(link)", withDestinationPath: target)
      }
      let (names, failures) = walk(root)
      #expect(names == ["a", "again/z", "b.txt", "c/d/e", "lost"] && failures.isEmpty)
      var entered: [String] = []
      FolderWalk.files(
        in: root,
        entering: {
          entered.append($0)
          return false
        }, onUnlistable: { _ in }, visit: { _ in })
      #expect(entered == ["again", "b", "c"].map { "\(root)/\($0)" })
    }
  }

  @Test("tells folders apart that look alike, and says which have no name that is text")
  func names() throws {
    try withTemporaryFolder { root in
      for folder in ["caf\u{E9}", "cafe\u{301}", "\u{FE0F} sun"] {
        try NewFolder.create(FilePaths.join(root, folder))
        try AtomicFile.write("", to: FilePaths.join(FilePaths.join(root, folder), "a"))
      }
      #expect(walk(root).names.count == 3)

      let shell = try #require(InstalledProgram("sh"))
      let made = try shell.run(
        ["-c", #"d=$(printf 'x/\351t\351'); mkdir -p "$d" && : > "$d/a" && : > "$d.jpg""#],
        in: root)
      #expect(made.status == 0)
      let (names, failures) = walk("\(root)/x")
      #expect(names == ["\u{FFFD}t\u{FFFD}.jpg"])
      #expect(failures.map(\.reason) == [.nameNotText])
      #expect("\(failures)".contains("\(root)/x/\u{FFFD}t\u{FFFD}"))
      let error = #expect(throws: FileError.self) { try WholeFile.read("\(root)/x/\(names[0])") }
      #expect(error?.description.contains("rename it") == true)
    }
  }

  @Test("ends where the caller says so")
  func refusal() {
    #expect(throws: Refused.self) {
      try FolderWalk.files(
        in: "/nonexistent", onUnlistable: { _ throws(Refused) in throw Refused() },
        visit: { _ in })
    }
  }
}
