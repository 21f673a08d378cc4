import Files
import Foundation
import TestSupport
import Testing

@Suite("A new folder")
struct NewFolderTests {
  @Test("is made with those above it, and may be there already")
  func making() throws {
    try withTemporaryFolder { root in
      for name in ["a", "b/c/d", "e/f/", "a//g/../h", "b/c/d"] {
        try NewFolder.create("\(root)/\(name)")
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder))
        #expect(isFolder.boolValue, "\(name)")
      }
    }
  }

  @Test("needs a name")
  func nameless() { #expect(throws: FileError.self) { try NewFolder.create("") } }

  @Test("that the system refuses is an error with its reason")
  func refusals() throws {
    try withTemporaryFolder { root in
      try AtomicFile.write([], to: "\(root)/file")
      let long = String(repeating: "n", count: 300)
      for (path, code) in [
        ("\(root)/file", EEXIST), ("\(root)/\(long)", ENAMETOOLONG), ("/proc/cyclegan", ENOENT),
      ] {
        #expect(throws: FileError(.makeFolder, path, .system(code: code))) {
          try NewFolder.create(path)
        }
      }
    }
  }
}
