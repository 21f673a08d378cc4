import Files
import Foundation
import Synchronization
import Tensors

/// Which engines of cuDNN's were the fastest, kept in files, so that a training that is resumed computes
/// with the same ones.
///
/// An engine is named by its rank among those that cuDNN recommends, which is the same for one build of
/// cuDNN on one kind of GPU. Each convolution has a file, so that processes do not get into each other's
/// way.
final class EngineChoices: Sendable {
  private let folder: String?
  private let ranks = Mutex<[String: Int]>([:])

  private struct Choice: Codable {
    let convolution: String
    let rank: Int
  }

  /// - Parameters:
  ///   - gpu: The GPU's name.
  ///   - cudnn: What tells cuDNN's build from others.
  ///   - cacheFolder: Nil to keep nothing. What cannot be read or kept is found out again next time.
  init(for gpu: String, cudnn: String, in cacheFolder: String?) {
    let name = gpu.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    folder = cacheFolder.map { "\($0)/engines/\(String(name))-\(cudnn)" }
  }

  /// More engines than this are never recommended.
  private static let mostRank = 1000

  /// The rank of the engine that was the fastest; nil if that is not known.
  func rank(of problem: ConvolutionProblem, _ precision: CUDAPrecision) -> Int? {
    let name = Self.name(problem, precision)
    return ranks.withLock { ranks in
      if ranks[name] == nil { ranks[name] = path(of: name).flatMap { Self.read($0, name) } }
      return ranks[name]
    }
  }

  /// Keeps the rank of the engine that was the fastest.
  func keep(_ rank: Int, of problem: ConvolutionProblem, _ precision: CUDAPrecision) {
    let name = Self.name(problem, precision)
    ranks.withLock { $0[name] = rank }
    guard let path = path(of: name),
      let text = try? JSONEncoder().encode(Choice(convolution: name, rank: rank))
    else { return }
    try? NewFolder.create(FilePaths.folder(of: path))
    try? AtomicFile.write([UInt8](text), to: path)
  }

  private static func read(_ path: String, _ name: String) -> Int? {
    guard let text = FileManager.default.contents(atPath: path),
      let choice = try? JSONDecoder().decode(Choice.self, from: text),
      choice.convolution == name, (0...mostRank).contains(choice.rank)
    else { return nil }
    return choice.rank
  }

  private func path(of name: String) -> String? {
    var hash = StableHash()
    hash.add(name)
    return folder.map { "\($0)/\(String(hash.value, radix: 16)).json" }
  }

  private static func name(_ problem: ConvolutionProblem, _ precision: CUDAPrecision) -> String {
    "\(problem), \(problem.format), \(precision.rawValue)"
  }
}
