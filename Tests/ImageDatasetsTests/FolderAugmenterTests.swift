import Augmentation
import Files
import Foundation
import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("Augmenting a folder")
struct FolderAugmenterTests {
  private func picture(_ number: Int, channels: Int = 3) -> Image {
    Image(
      width: 14, height: 10, channels: channels,
      samples: (0..<140 * channels).map { UInt8($0 * (number + 3) % 256) })
  }

  private func fill(_ folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/more", withIntermediateDirectories: true)
    for number in 0..<4 { try ImageFile.write(picture(number), to: "\(folder)/\(number).png") }
    try ImageFile.write(picture(9), to: "\(folder)/more/a b.jpg")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.jpg"))
  }

  private var augmenter: FolderAugmenter {
    var augmenter = FolderAugmenter(
      Pipeline([RandomCrop(width: 8, height: 8), HorizontalFlip(), ColorJitter()]))
    augmenter.copies = 3
    augmenter.seed = 5
    return augmenter
  }

  private func files(in folder: String) throws -> [String: Data] {
    let names = try #require(FileManager.default.enumerator(atPath: folder)).allObjects
    return names.compactMap { $0 as? String }.reduce(into: [:]) { files, name in
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
  }

  @Test("The bytes are the same with one thread and with four")
  func independentOfThreads() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      for threads in [1, 4] {
        var augmenter = augmenter
        augmenter.threads = threads
        _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out\(threads)")
      }
      let one = try files(in: "\(root)/out1")
      #expect(one.keys.contains("more/a b-0003.jpg"))
      #expect(try one == files(in: "\(root)/out4"))
    }
  }

  @Test("Names stay, copies are numbered, and a bad file is named and left out")
  func names() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let skipped = Mutex<[String]>([])
      let summary = try augmenter.run(input: "\(root)/in", output: "\(root)/out") { event in
        if case .skipped(let input, _) = event { skipped.withLock { $0.append(input) } }
      }
      #expect(summary.augmented == 5 && summary.skipped == 1 && summary.written == 15)
      #expect(skipped.withLock { $0 } == ["\(root)/in/bad.jpg"])
      let copies = try (1...3).map { try ImageFile.read("\(root)/out/2-000\($0).png") }
      #expect(copies.allSatisfy { $0.width == 8 && $0.height == 8 })
      #expect(copies[0] != copies[1] && copies[1] != copies[2])
      var single = FolderAugmenter(Pipeline([]))
      single.copies = 1
      _ = try single.run(input: "\(root)/in", output: "\(root)/same")
      #expect(try ImageFile.read("\(root)/same/2.png") == picture(2))
    }
  }

  @Test("An error of who is told ends the work")
  func stopped() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let told = Atomic(0)
      #expect(throws: CancellationError.self) {
        try augmenter.run(input: "\(root)/in", output: "\(root)/out") { _ in
          if told.wrappingAdd(1, ordering: .relaxed).newValue == 2 { throw CancellationError() }
        }
      }
      #expect(told.load(ordering: .relaxed) == 2)
    }
  }

  @Test("A picture that an operation cannot take is left out, with the reason")
  func tooSmall() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let reasons = Mutex<[String]>([])
      let summary = try FolderAugmenter(Pipeline([RandomCrop(width: 99, height: 9)]))
        .run(input: "\(root)/in", output: "\(root)/out") { event in
          if case .skipped(_, let reason) = event { reasons.withLock { $0.append(reason) } }
        }
      #expect(summary.written == 0 && summary.skipped == 6)
      #expect(reasons.withLock { $0.filter { $0.contains("RandomCrop wants 99×9") }.count } == 5)
    }
  }

  @Test("An output folder inside the input folder is refused")
  func outputInside() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      for output in ["\(root)/in", "\(root)/in/more/out", "\(root)/in/../in/new"] {
        #expect(throws: DatasetError.self) {
          try augmenter.run(input: "\(root)/in", output: output)
        }
      }
      #expect(!FileManager.default.fileExists(atPath: "\(root)/in/new"))
    }
  }

  @Test("An output folder that cannot be made is an error with the system's reason")
  func unmakeable() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let long = "\(root)/" + String(repeating: "n", count: 300)
      for (output, code) in [("/proc/cyclegan", ENOENT), (long, ENAMETOOLONG)] {
        #expect(throws: FileError(.makeFolder, output, .system(code: code))) {
          try augmenter.run(input: "\(root)/in", output: output)
        }
      }
    }
  }

  @Test("A PNG with alpha that is named .jpg is laid over white")
  func alphaUnderJPEG() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(
        atPath: "\(root)/in", withIntermediateDirectories: true)
      let clear = Image(width: 8, height: 8, channels: 4, repeating: 0)
      try ImageFile.write(clear, to: "\(root)/in/a.jpg", format: .png)
      _ = try FolderAugmenter(Pipeline([])).run(input: "\(root)/in", output: "\(root)/out")
      let white = Image(width: 8, height: 8, channels: 3, repeating: 255)
      #expect(try ImageFile.read("\(root)/out/a.jpg") == white)
    }
  }
}
