import ImageDatasets
import Images
import TestSupport
import Testing

@Suite("Digits")
struct DigitsTests {
  @Test("A digit is the same whenever it is drawn, and no two of a hundred are alike")
  func determinism() {
    let pictures = (0..<100).map { Digits.picture(seed: 3, index: $0, size: 28) }
    #expect(Digits.picture(seed: 3, index: 42, size: 28) == pictures[42])
    #expect(Digits.picture(seed: 4, index: 42, size: 28) != pictures[42])
    #expect(Set(pictures.map(\.samples)).count == 100)
  }

  @Test("Ten after one another show every class, of training and of tests")
  func labels() {
    for part in LabelledPictures.Part.allCases {
      let set = LabelledPictures.digits(count: 20, seed: 1, size: 8, part: part)
      #expect(set.labels == (0...9).map(String.init))
      #expect((0..<10).allSatisfy { set.indices(of: $0).count == 2 })
    }
    let training = LabelledPictures.digits(count: 1, seed: 1, size: 28)
    let test = LabelledPictures.digits(count: 10, seed: 1, size: 28, part: .test)
    #expect(training.label(of: 0) == 0 && test.label(of: 9) == 0)
    #expect(training.picture(at: 0) != test.picture(at: 9))
  }

  @Test("Digits are white strokes on black that stay inside the picture", arguments: [28, 32])
  func ink(size: Int) {
    for index in 20..<50 {
      let picture = Digits.picture(seed: 9, index: index, size: size)
      let rim = (0..<size).flatMap { [($0, 0), ($0, size - 1), (0, $0), (size - 1, $0)] }
      #expect(rim.allSatisfy { picture[$0.0, $0.1, 0] < 40 }, "digit \(index) leaves the picture")
      let share = picture.samples.reduce(0.0) { $0 + Double($1) } / Double(255 * size * size)
      #expect((0.03...0.30).contains(share), "digit \(index): \(share) of the ink")
      #expect(picture.samples.max()! > 200)
    }
  }

  /// Nearest neighbours need no training: what they tell apart, a classifier can.
  @Test("The nearest of 500 digits has the same label, nearly always")
  func readability() {
    let known = LabelledPictures.digits(count: 500, seed: 1, size: 14)
    let asked = LabelledPictures.digits(count: 100, seed: 1, size: 14, part: .test)
    let pictures = (0..<known.count).map { known.picture(at: $0).samples.map(Int32.init) }
    let right = (0..<asked.count).count { index in
      let picture = asked.picture(at: index).samples.map(Int32.init)
      let distances = pictures.map { other in
        zip(picture, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] }!
      return known.label(of: nearest) == asked.label(of: index)
    }
    #expect(right >= 90, "\(right) of 100")
  }

  @Test("Written digits are read back with their labels, part by part")
  func folder() throws {
    try withTemporaryFolder { folder in
      try Digits.write(to: folder, count: 20, testCount: 10, size: 12, seed: 5, threads: 2)
      for (part, count) in [(LabelledPictures.Part.training, 20), (.test, 10)] {
        let read = try LabelledPictures.open(folder, part: part, size: 12)
        let drawn = LabelledPictures.digits(count: count, seed: 5, size: 12, part: part)
        #expect(read.count == count && read.labels == drawn.labels && read.channels == 1)
        for label in 0..<10 {
          #expect(
            read.indices(of: label).map(read.picture) == drawn.indices(of: label).map(drawn.picture)
          )
        }
      }
    }
  }
}
