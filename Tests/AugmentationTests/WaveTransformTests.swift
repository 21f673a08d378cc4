import Foundation
import Tensors
import Testing

@testable import Augmentation

@Suite("Waves of lines")
struct WaveTransformTests {
  /// Sums over all places, in double precision.
  private func direct(_ row: [(Double, Double)], _ wave: Int) -> (Double, Double) {
    row.enumerated().reduce((0, 0)) { sum, entry in
      let phase = 2 * .pi * Double(entry.offset * wave % row.count) / Double(row.count)
      let (x, y) = entry.element
      return (
        sum.0 + x * cos(phase) + y * sin(phase), sum.1 + y * cos(phase) - x * sin(phase)
      )
    }
  }

  @Test(
    "The waves are found along lines of any length, and lines of their waves",
    arguments: [(1, 0), (2, 0), (3, 1), (16, 7), (17, 8), (97, 12), (210, 104), (1009, 3)])
  func waves(length: Int, waves: Int) {
    var random = SeededRandom(seed: 5), rows = ComplexMatrix(rows: 11, columns: length)
    for index in rows.real.indices {
      rows.real[index] = 255 * random.uniform()
      rows.imaginary[index] = 255 * random.uniform()
    }
    let transform = WaveTransform(length: length, waves: waves)
    let found = transform.waves(of: rows)
    // Twenty roundings of the sum of all levels.
    let tolerance = 20 * 0x1p-24 * 360 * Double(length)
    for row in 0..<rows.rows {
      let line = (0..<length).map {
        (Double(rows.real[row * length + $0]), Double(rows.imaginary[row * length + $0]))
      }
      for wave in -waves...waves {
        let (x, y) = direct(line, wave), at = row * found.columns + wave + waves
        #expect(abs(Double(found.real[at]) - x) < tolerance, "row \(row), wave \(wave)")
        #expect(abs(Double(found.imaginary[at]) - y) < tolerance, "row \(row), wave \(wave)")
      }
    }
    guard length == 2 * waves + 1 else { return }
    let back = transform.rows(of: found, -waves...waves)
    for index in rows.real.indices {
      #expect(abs(back.real[index] / Float(length) - rows.real[index]) < 0.01)
      #expect(abs(back.imaginary[index] / Float(length) - rows.imaginary[index]) < 0.01)
    }
  }
}
