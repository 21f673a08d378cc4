import Foundation
import ImageDatasets
import Images
import Tensors
import TestSupport
import Testing

@Suite("Pictures with labels")
struct LabelledPicturesTests {
  private func write(_ picture: Image, _ path: String) throws {
    try touch(path)
    try ImageFile.write(picture, to: path)
  }

  @Test("Folders in a folder are labels; pictures are scaled and cut from the middle")
  func folders() throws {
    try withTemporaryFolder { root in
      var wide = Image(width: 12, height: 4, channels: 3, repeating: 10)
      for y in 0..<4 { for x in 4..<8 { wide[x, y, 1] = 200 } }
      try write(wide, "\(root)/wolf/deep/a.png")
      try write(Image(width: 8, height: 16, channels: 1, repeating: 77), "\(root)/ant/b.png")
      try write(Image(width: 4, height: 4, channels: 4, repeating: 0), "\(root)/ant/c.png")
      let set = try LabelledPictures(folder: root, size: 4)
      #expect(set.labels == ["ant", "wolf"] && set.isLabelled)
      #expect((0..<3).map(set.label) == [0, 0, 1])
      #expect((set.width, set.height, set.channels) == (4, 4, 3))
      #expect(set.picture(at: 0) == Image(width: 4, height: 4, channels: 3, repeating: 77))
      #expect(set.picture(at: 2).samples == (0..<16).flatMap { _ in [10, 200, 10] as [UInt8] })
      let batch = set.batch([2, 0])
      #expect(batch == Tensor([set.picture(at: 2), set.picture(at: 0)]))
      let subset = set.subset([2])
      #expect(subset.count == 1 && subset.label(of: 0) == 1 && subset.labels == set.labels)
    }
  }

  @Test("Pictures without folders have one label; grey ones stay grey unless asked for")
  func unlabelled() throws {
    try withTemporaryFolder { root in
      try write(Image(width: 5, height: 5, channels: 1, repeating: 9), "\(root)/a.png")
      try write(Image(width: 5, height: 5, channels: 2, repeating: 255), "\(root)/b.png")
      let set = try LabelledPictures(folder: root, size: 5)
      #expect(set.labels == [""] && !set.isLabelled && set.channels == 1)
      #expect(try LabelledPictures(folder: root, size: 5, channels: 3).channels == 3)
    }
  }

  @Test("Broken pictures are named and left out; nothing but broken ones is an error")
  func broken() throws {
    try withTemporaryFolder { root in
      try touch("\(root)/x/bad.png")
      let error = #expect(throws: DatasetError.self) { try LabelledPictures(folder: root, size: 4) }
      #expect("\(error!)".contains("bad.png: an empty file"))
      try write(Image(width: 5, height: 5, channels: 1), "\(root)/x/good.png")
      let set = try LabelledPictures(folder: root, size: 4)
      #expect(set.count == 1 && set.broken.map(\.path) == ["\(root)/x/bad.png"])
    }
  }

  @Test("A picture beside the folders of the others is an error")
  func stray() throws {
    try withTemporaryFolder { root in
      for name in ["cat/1.png", "dog/2.png", "stray.png"] { try touch("\(root)/\(name)") }
      let error = #expect(throws: DatasetError.self) { try LabelledPictures(folder: root, size: 4) }
      #expect(error == .withoutLabel("\(root)/stray.png", label: "cat"))
    }
  }

  @Test("What is neither there nor drawn is an error")
  func opening() throws {
    let error = #expect(throws: DatasetError.self) { try LabelledPictures.open("no/such/set") }
    #expect(error == .missingFolder("no/such/set"))
  }
}

@Suite("IDX files")
struct IDXTests {
  /// Three pictures of 2 × 4 and their labels.
  private let pictures: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4] + (0..<24).map { UInt8($0 * 10) }
  private let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 2]
  /// `labels`, packed by gzip.
  private let packedLabels: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 99, 96, 224, 96, 100, 96, 96, 96, 102, 98, 96, 2, 0, 198, 9,
    202, 227, 11, 0, 0, 0,
  ]

  @discardableResult
  private func reading<Result>(
    _ pictures: [UInt8], _ labels: [UInt8], labelName: String = "train-labels-idx1-ubyte",
    _ body: (String) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try Data(pictures).write(to: URL(fileURLWithPath: "\(folder)/train-images-idx3-ubyte"))
      try Data(labels).write(to: URL(fileURLWithPath: "\(folder)/\(labelName)"))
      return try body(folder)
    }
  }

  @Test("Pictures and labels are read, packed or not, from the folder or the file")
  func reading() throws {
    for (bytes, suffix) in [(labels, ""), (packedLabels, ".gz")] {
      try reading(pictures, bytes, labelName: "train-labels-idx1-ubyte" + suffix) { folder in
        for source in [folder, "\(folder)/train-images-idx3-ubyte"] {
          let set = try LabelledPictures.open(source)
          #expect(set.labels == ["0", "1", "2"])
          #expect((0..<3).map(set.label) == [2, 0, 2])
          #expect((set.width, set.height, set.channels) == (4, 2, 1))
          #expect(set.picture(at: 1).samples == (8..<16).map { UInt8($0 * 10) })
        }
        #expect(try LabelledPictures.open(folder, size: 6, channels: 3).picture(at: 0).width == 6)
      }
    }
  }

  @Test("Networks are given the middle of pictures that are not square")
  func squares() throws {
    try reading(pictures, labels) { folder in
      let set = try LabelledPictures.open(folder).squares
      #expect((set.width, set.height) == (2, 2))
      #expect(set.picture(at: 1).samples == [90, 100, 130, 140])
    }
  }

  @Test("A part of one picture has no spread to be judged by", arguments: [1, 2])
  func smallParts(count: Int) throws {
    try withTemporaryFolder { root in
      for (part, number) in [("train", 2), ("test", count)] {
        for index in 0..<number {
          try ImageFile.write(
            Image(width: 8, height: 8, channels: 1), to: "\(try made(root, part))/\(index).png")
        }
      }
      if count == 1 {
        #expect(throws: DatasetError.tooFewPictures(root, 1)) {
          try LabelledPictures.parts(of: root)
        }
      } else {
        #expect(try LabelledPictures.parts(of: root).test.count == 2)
      }
    }
  }

  @Test("Fewer than ten pictures leave none that could be held out", arguments: [9, 10])
  func splitting(count: Int) throws {
    try withTemporaryFolder { root in
      for index in 0..<count {
        try ImageFile.write(
          Image(width: 8, height: 8, channels: 1), to: "\(try made(root, "a"))/\(index).png")
      }
      if count < 10 {
        #expect(throws: DatasetError.tooFewPictures(root, count)) {
          try LabelledPictures.parts(of: root)
        }
      } else {
        #expect(try LabelledPictures.parts(of: root).test.count == 2)
      }
    }
  }

  private func made(_ root: String, _ name: String) throws -> String {
    let folder = "\(root)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("Files that do not belong together say so")
  func mismatches() throws {
    try reading(pictures, [0, 0, 8, 1, 0, 0, 0, 1, 2]) { folder in
      let error = #expect(throws: IDXError.self) { try LabelledPictures.open(folder) }
      #expect(error?.reason == .labelCount(1, pictures: 3))
    }
    try reading(pictures, labels, labelName: "other") { folder in
      let error = #expect(throws: IDXError.self) { try LabelledPictures.open(folder) }
      #expect(
        "\(error!)".hasSuffix("Put train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz there."))
    }
    try reading(labels, labels) { folder in
      let error = #expect(throws: IDXError.self) { try LabelledPictures.open(folder) }
      #expect(error?.reason == .rank(1, expected: 3))
    }
  }

  @Test("Whatever is cut off, changed or absurd is an error and nothing worse")
  func fuzzing() throws {
    var huge = pictures
    for index in 4..<16 { huge[index] = 255 }
    let cut = (0..<pictures.count).map { Array(pictures[..<$0]) }
    let others: [[UInt8]] = [pictures + [0], huge, [31, 139, 8, 0], packedLabels.dropLast(9)]
    for bytes in cut + others {
      try reading(bytes, labels) { folder in
        #expect(throws: IDXError.self, "\(bytes)") { try LabelledPictures.open(folder) }
      }
    }
    var random = SeededRandom(seed: 1, purpose: "fuzz")
    for _ in 0..<200 {
      var first = pictures, second = packedLabels
      first[random.integer(below: 16)] = UInt8(random.integer(below: 256))
      second[random.integer(below: second.count)] = UInt8(random.integer(below: 256))
      try reading(first, second, labelName: "train-labels-idx1-ubyte.gz") { folder in
        do {
          let count = try LabelledPictures.open(folder).count
          #expect(count == 3)
        } catch let error as IDXError {
          #expect("\(error)".hasPrefix(folder))
        }
      }
    }
  }
}
