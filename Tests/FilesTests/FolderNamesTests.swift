import Files
import Foundation
import TestSupport
import Testing

@Suite("Names in a folder")
struct FolderNamesTests {
  @Test("are in the order of their bytes, hidden ones too")
  func order() throws {
    try withTemporaryFolder { folder in
      for name in ["b", "é", "a b", "Z", ".hidden"] {
        try AtomicFile.write([], to: "\(folder)/\(name)")
      }
      #expect(try FolderNames.list(folder) == [".hidden", "Z", "a b", "b", "é"])
    }
  }

  @Test("cannot be had of what is no folder, for a reason")
  func failures() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([], to: "\(folder)/file")
      for (name, code) in [("none", ENOENT), ("file", ENOTDIR)] {
        #expect(throws: FileError(.read, "\(folder)/\(name)", .system(code: code))) {
          try FolderNames.list("\(folder)/\(name)")
        }
      }
    }
  }
}
