import Foundation
import Images
import Tensors

/// Two folders of small pictures that differ in colour and pattern, made from a seed.
package struct SmallDomains {
  /// The folder of warm, smooth pictures.
  package let a: String
  /// The folder of cold, striped pictures.
  package let b: String

  /// Draws the pictures.
  ///
  /// - Parameters:
  ///   - folder: Where the two folders are made.
  ///   - counts: Pictures in each.
  ///   - size: Pixels per side, more or less.
  package init(in folder: String, counts: (a: Int, b: Int) = (5, 4), size: Int = 30) throws {
    a = folder + "/warm"
    b = folder + "/cold"
    try Self.draw(counts.a, into: a, width: size, height: size + 2) { x, y, random in
      [200, 60 + 3 * x + random.integer(below: 20), 40 + 2 * y]
    }
    try Self.draw(counts.b, into: b, width: size + 4, height: size) { x, y, random in
      [30 + (x / 3 % 2) * 100, 90 + y, 180 + random.integer(below: 60)]
    }
  }

  private static func draw(
    _ count: Int, into folder: String, width: Int, height: Int,
    _ pixel: (_ x: Int, _ y: Int, _ random: inout SeededRandom) -> [Int]
  ) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for index in 0..<count {
      var random = SeededRandom(seed: 5, index: index, purpose: "small domains")
      var samples: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          samples += pixel(x + 5 * index, y, &random).map { UInt8(min($0, 255)) }
        }
      }
      let picture = Image(width: width, height: height, channels: 3, samples: samples)
      try ImageFile.write(picture, to: "\(folder)/picture \(index).png")
    }
  }
}
