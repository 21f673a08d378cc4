import Files
import Foundation
import Synchronization

/// Which engines of cuDNN's were the fastest, kept in a file, so that a training that is resumed computes
/// with the same ones.
///
/// An engine is named by its rank among those that cuDNN recommends, which is the same for one version of
/// cuDNN on one kind of GPU.
final class EngineChoices: Sendable {
  private let path: String?
  private let ranks: Mutex<[String: Int]>

  /// Reads what is kept.
  ///
  /// - Parameters:
  ///   - gpu: The GPU's name.
  ///   - folder: Nil to keep nothing. What cannot be read or kept is found out again next time.
  init(for gpu: String, cudnnVersion: Int, in folder: String?) {
    let name = gpu.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    path = folder.map { "\($0)/engines-\(String(name))-cudnn\(cudnnVersion).json" }
    ranks = Mutex(path.map(Self.read) ?? [:])
  }

  private static func read(_ path: String) -> [String: Int] {
    guard let text = FileManager.default.contents(atPath: path),
      let kept = try? JSONDecoder().decode([String: Int].self, from: text)
    else { return [:] }
    return kept.filter { (0...Self.mostRank).contains($0.value) }
  }

  /// More engines than this are never recommended.
  private static let mostRank = 1000

  /// The rank of the engine that was the fastest; nil if that is not known.
  func rank(of problem: ConvolutionProblem, _ precision: CUDAPrecision) -> Int? {
    ranks.withLock { $0[Self.name(problem, precision)] }
  }

  /// Keeps the rank of the engine that was the fastest.
  func keep(_ rank: Int, of problem: ConvolutionProblem, _ precision: CUDAPrecision) {
    ranks.withLock { ranks in
      ranks[Self.name(problem, precision)] = rank
      guard let path else { return }
      // Another process may have kept some since; of two ranks its own counts for each of them.
      let all = Self.read(path).merging(ranks) { $1 }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      guard let text = try? encoder.encode(all) else { return }
      try? NewFolder.create((path as NSString).deletingLastPathComponent)
      try? AtomicFile.write([UInt8](text), to: path)
    }
  }

  private static func name(_ problem: ConvolutionProblem, _ precision: CUDAPrecision) -> String {
    "\(problem), \(problem.format), \(precision.rawValue)"
  }
}
