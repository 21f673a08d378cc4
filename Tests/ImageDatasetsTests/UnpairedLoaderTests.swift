import Augmentation
import Files
import Foundation
import ImageDatasets
import Images
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Unpaired loading")
struct UnpairedLoaderTests {
  /// Two folders of differing sizes, as pictures in life.
  private func withDomains(
    a countA: Int, b countB: Int, _ body: (_ a: String, _ b: String) throws -> Void
  ) throws {
    try withTemporaryFolder { root in
      for (domain, count) in [("a", countA), ("b", countB)] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(domain)", withIntermediateDirectories: true)
        for number in 0..<count {
          let width = 12 + number, height = 10 + 3 * (number % 2)
          let samples = (0..<width * height * 3).map {
            UInt8(truncatingIfNeeded: $0 &* (number + 3) &* (domain == "a" ? 5 : 11))
          }
          try ImageFile.write(
            Image(width: width, height: height, channels: 3, samples: samples),
            to: "\(root)/\(domain)/\(number).png")
        }
      }
      try body("\(root)/a", "\(root)/b")
    }
  }

  private func options(
    threads: Int = 1, ahead: Int = 2, batch: Int = 1, cache: Int = 1 << 20
  ) -> UnpairedLoader.Options {
    var options = UnpairedLoader.Options()
    options.loadSize = 12
    options.cropSize = 8
    options.seed = 77
    options.threads = threads
    options.stepsAhead = ahead
    options.batch = batch
    options.cacheBytes = cache
    return options
  }

  private func loader(_ a: String, _ b: String, _ options: UnpairedLoader.Options) throws
    -> UnpairedLoader
  {
    UnpairedLoader(a: try ImageFolder(a), b: try ImageFolder(b), options: options)
  }

  @Test("Examples do not depend on threads, on steps made ahead, or on the cache")
  func independentOfThreads() throws {
    try withDomains(a: 5, b: 3) { a, b in
      let reference = try loader(a, b, options(ahead: 0, cache: 0))
      #expect(reference.stepsPerEpoch == 5)
      for (threads, ahead, cache) in [(1, 2, 1 << 20), (3, 4, 1 << 20), (2, 7, 1000)] {
        let other = try loader(a, b, options(threads: threads, ahead: ahead, cache: cache))
        for epoch in 0..<2 {
          for step in 0..<5 {
            let left = try reference.pair(epoch: epoch, index: step)
            let right = try other.pair(epoch: epoch, index: step)
            #expect(left.a == right.a && left.b == right.b, "epoch \(epoch), step \(step)")
            #expect(left.pathsA == right.pathsA && left.pathsB == right.pathsB)
          }
        }
      }
    }
  }

  @Test("A recipe changes pictures between scaling and crop")
  func recipe() throws {
    try withDomains(a: 2, b: 2) { a, b in
      var whole = options()
      (whole.cropSize, whole.flips) = (whole.loadSize, false)
      let plain = try loader(a, b, whole).pair(epoch: 0, index: 0)
      whole.augmentation = Pipeline([Solarize(threshold: 0...0, probability: 1)])
      let inverted = try loader(a, b, whole).pair(epoch: 0, index: 0)
      for (inverted, plain) in [(inverted.a, plain.a), (inverted.b, plain.b)] {
        // Levels become values by a product that rounds.
        #expect(zip(inverted.values, plain.values).allSatisfy { abs($0 + $1) < 1e-6 })
      }

      var shrinking = options()
      shrinking.augmentation = Pipeline([Resize(width: 7, height: 7)])
      #expect(throws: AugmentationError.self) {
        try loader(a, b, shrinking).pair(epoch: 0, index: 0)
      }
    }
  }

  @Test("A step can be asked for without the steps before it")
  func resumes() throws {
    try withDomains(a: 4, b: 6) { a, b in
      let whole = try loader(a, b, options())
      for epoch in 0..<2 { for step in 0..<6 { _ = try whole.pair(epoch: epoch, index: step) } }
      let expected = try whole.pair(epoch: 1, index: 3)
      let resumed = try loader(a, b, options()).pair(epoch: 1, index: 3)
      #expect(resumed.a == expected.a && resumed.b == expected.b)
    }
  }

  @Test("Every A is used in an epoch; crops and flips differ from epoch to epoch")
  func usesEverything() throws {
    try withDomains(a: 5, b: 2) { a, b in
      let loader = try loader(a, b, options())
      var examples: [String: Tensor] = [:]
      for step in 0..<5 {
        let example = try loader.pair(epoch: 0, index: step)
        #expect(example.a.shape == [1, 8, 8, 3] && example.b.shape == [1, 8, 8, 3])
        examples[example.pathsA[0]] = example.a
      }
      #expect(examples.count == 5)
      let changed = try (0..<5).filter { step in
        let example = try loader.pair(epoch: 1, index: step)
        return examples[example.pathsA[0]] != example.a
      }
      #expect(!changed.isEmpty)
    }
  }

  @Test("A batch stacks pictures, and the last one of an epoch holds the rest")
  func batches() throws {
    try withDomains(a: 5, b: 3) { a, b in
      let single = try loader(a, b, options()), batched = try loader(a, b, options(batch: 2))
      #expect(batched.stepsPerEpoch == 3)
      let second = try batched.pair(epoch: 0, index: 1)
      let parts = try [2, 3].map { try single.pair(epoch: 0, index: $0) }
      #expect(second.a.values == parts.flatMap(\.a.values))
      #expect(second.pathsB == parts.flatMap(\.pathsB))
      #expect(try batched.pair(epoch: 0, index: 2).a.shape == [1, 8, 8, 3])
    }
  }

  @Test("A picture that the disk does not give, also when asked again, is a broken one")
  func badSector() throws {
    try withDomains(a: 2, b: 1) { a, b in
      // Reading its first byte is an input/output error.
      try FileManager.default.removeItem(atPath: "\(a)/0.png")
      try FileManager.default.createSymbolicLink(
        atPath: "\(a)/0.png", withDestinationPath: "/proc/self/mem")
      let reports = Mutex<[BrokenPicture]>([])
      let loader = UnpairedLoader(
        a: try ImageFolder(a), b: try ImageFolder(b), options: options(ahead: 0)
      ) { broken in reports.withLock { $0.append(broken) } }
      for index in 0..<loader.stepsPerEpoch {
        #expect(try loader.pair(epoch: 1, index: index).pathsA == ["\(a)/1.png"])
      }
      let error = FileError(.read, "\(a)/0.png", .system(code: EIO))
      #expect(reports.withLock { $0.map(\.reason) } == ["\(error)"])
    }
  }

  @Test("A broken picture is reported once, and the next good one takes its place")
  func brokenPictures() throws {
    try withDomains(a: 4, b: 2) { a, b in
      for name in ["1.png", "2.png"] {
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: "\(a)/\(name)"))
      }
      let reports = Mutex<[String]>([])
      let loader = UnpairedLoader(
        a: try ImageFolder(a), b: try ImageFolder(b), options: options(threads: 2)
      ) { broken in reports.withLock { $0.append(broken.path) } }
      var used: [String: Int] = [:]
      for epoch in 0..<2 {
        for step in 0..<4 {
          used[try loader.pair(epoch: epoch, index: step).pathsA[0], default: 0] += 1
        }
      }
      #expect(used == ["\(a)/0.png": 2, "\(a)/3.png": 6])
      #expect(reports.withLock { $0.sorted() } == ["\(a)/1.png", "\(a)/2.png"])
    }
  }

  @Test("A domain without any readable picture is an error")
  func allBroken() throws {
    try withDomains(a: 2, b: 2) { a, b in
      for name in ["0.png", "1.png"] {
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: "\(b)/\(name)"))
      }
      let loader = try loader(a, b, options())
      let error = #expect(throws: DatasetError.self) { try loader.pair(epoch: 0, index: 0) }
      guard case .noneReadable(b, count: 2, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("Pictures can keep their shape")
  func keepsShape() throws {
    try withDomains(a: 3, b: 1) { a, b in
      var options = options()
      options.fit = .keepShape
      let keeping = try loader(a, b, options), stretching = try loader(a, b, self.options())
      let changed = try (0..<3).filter { step in
        let example = try keeping.pair(epoch: 0, index: step)
        #expect(example.a.shape == [1, 8, 8, 3])
        return try example.a != stretching.pair(epoch: 0, index: step).a
      }
      // Of 12×10, 13×13 and 14×10 pixels only the square one is the same either way.
      #expect(changed.count == 2)
    }
  }
}
