import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("Seasons as a folder")
struct SeasonsFolderTests {
  @Test("Training scenes differ between the seasons, test scenes are the same under one name")
  func folders() throws {
    try withTemporaryFolder { try checkFolders(in: $0) }
  }

  private func checkFolders(in folder: String) throws {
    let calls = Mutex(0)
    try Seasons.write(to: folder, count: 3, testCount: 2, size: 16, seed: 9) {
      calls.withLock { $0 += 1 }
    }
    #expect(calls.withLock { $0 } == 10)
    func picture(_ name: String) throws -> Image { try ImageFile.read("\(folder)/\(name)") }
    for index in 0..<2 {
      let scene = Seasons.scene(seed: 9, index: -1 - index), name = "0000\(index).png"
      #expect(
        try picture("testA/\(name)") == scene.picture(season: .summer, width: 16, height: 16))
      #expect(
        try picture("testB/\(name)") == scene.picture(season: .winter, width: 16, height: 16))
    }
    let summers = try (0..<3).map { try picture("trainA/0000\($0).png") }
    for index in 0..<3 {
      let winter = try picture("trainB/0000\(index).png")
      let scene = Seasons.scene(seed: 9, index: 2 * index + 1)
      #expect(winter == scene.picture(season: .winter, width: 16, height: 16))
      #expect(!summers.contains(scene.picture(season: .summer, width: 16, height: 16)))
    }
  }

  @Test("The bytes do not depend on the number of threads, and a larger set extends a smaller")
  func determinism() throws {
    try withTemporaryFolder { one in
      try withTemporaryFolder { three in
        try Seasons.write(to: one, count: 2, testCount: 1, size: 12, seed: 4, threads: 1)
        try Seasons.write(to: three, count: 4, testCount: 2, size: 12, seed: 4, threads: 3)
        for name in ["trainA/00001.png", "trainB/00001.png", "testA/00000.png", "testB/00000.png"] {
          let left = try ImageFile.read("\(one)/\(name)")
          #expect(try left == ImageFile.read("\(three)/\(name)"), "\(name)")
        }
      }
    }
  }

  @Test("A folder that holds other pictures is refused, and nothing in it is touched")
  func refusesForeignFiles() throws {
    try withTemporaryFolder { folder in
      try Seasons.write(to: folder, count: 3, testCount: 0, size: 8, seed: 1)
      let error = #expect(throws: DatasetError.self) {
        try Seasons.write(to: folder, count: 2, testCount: 0, size: 8, seed: 2)
      }
      #expect(error == .folderInUse("\(folder)/trainA", file: "00002.png"))
      let kept = try ImageFile.read("\(folder)/trainA/00000.png")
      #expect(
        kept == Seasons.scene(seed: 1, index: 0).picture(season: .summer, width: 8, height: 8))
    }
  }
}
