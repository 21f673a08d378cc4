import Foundation
import Images
import Synchronization
import Tensors

extension LabelledPictures {
  /// Draws digits, the same number of each class.
  ///
  /// - Parameters:
  ///   - count: Pictures, at least 1; a larger set begins with a smaller one.
  ///   - seed: Another seed, other pictures.
  ///   - size: Rows and columns of each.
  ///   - part: Pictures of the two parts have nothing in common.
  ///   - threads: Pictures drawn at a time; the outcome does not depend on it.
  public static func digits(
    count: Int, seed: UInt64, size: Int = 28, part: Part = .training,
    threads: Int = SystemCores.count
  ) -> LabelledPictures {
    precondition(count > 0, "\(count) digits")
    let indices = (0..<count).map { part.digitIndex($0) }
    let drawn = ParallelWork.results(count: count, threads: threads) {
      Digits.picture(seed: seed, index: indices[$0], size: size)
    }
    return LabelledPictures(drawn, classes: indices.map(Digits.label), labels: Digits.labels)
  }
}

extension LabelledPictures.Part {
  /// Digits of training have the indices from 0 up, those of tests from −1 down.
  func digitIndex(_ number: Int) -> Int { self == .training ? number : -1 - number }
}
