import CycleGANKit
import Foundation

/// How close translations come to the true pictures, beside what needs no model.
struct FolderScore {
  /// One way to translate and its mean score.
  struct Row: Encodable, Equatable {
    /// What was compared with the truth.
    let method: String
    /// Mean peak signal-to-noise ratio in decibels; nil where a picture equals the true one.
    let psnr: Double?
    /// Mean structural similarity.
    let ssim: Double
  }

  /// A picture that could not be compared.
  struct Failure: Encodable, Equatable {
    let file: String
    let reason: String
  }

  /// The folders that are compared.
  struct Folders {
    /// Translated pictures.
    var translated: String
    /// The true pictures of the target domain, under the same names.
    var truth: String
    /// What was translated, under the same names; nil to leave out the baselines.
    var baseline: String?
    /// Pictures whose colours the second baseline takes over; nil for the true pictures.
    var domain: String?
  }

  /// The mean of each method.
  let rows: [Row]
  /// Pictures compared.
  let pictures: Int
  /// Pictures that could not be compared.
  let failures: [Failure]

  /// Compares all pictures that have the same name in all folders.
  ///
  /// - Parameters:
  ///   - folders: The folders.
  ///   - threads: Pictures compared at a time.
  ///   - isQuiet: Whether no progress is shown.
  /// - Throws: `DatasetError`.
  init(_ folders: Folders, threads: Int, isQuiet: Bool = true) throws {
    let work = try Work(folders)
    let progress = SharedProgress(total: work.triples.count, unit: "pictures", isQuiet: isQuiet)
    let results = work.results(threads: threads) { progress.advance() }
    progress.finish()
    failures = results.compactMap {
      if case .failure(let failure) = $0 { failure.failure } else { nil }
    }
    let scores = results.compactMap { try? $0.get() }
    pictures = scores.count
    rows = work.methods.indices.compactMap { method in
      PairedScore.mean(of: scores.map { $0[method] }).map {
        Row(
          method: work.methods[method], psnr: $0.psnr.isFinite ? $0.psnr : nil, ssim: $0.ssim)
      }
    }
  }
}

/// The comparisons to be made.
private struct Work: Sendable {
  struct Triple: Sendable {
    let translated: String
    let truth: String
    let input: String?
  }

  struct Broken: Error {
    let failure: FolderScore.Failure
  }

  let methods: [String]
  let triples: [Triple]
  private let colors: ColorStatistics?

  init(_ folders: FolderScore.Folders) throws {
    let translated = try ImageFolder(folders.translated), truth = try ImageFolder(folders.truth)
    let pairs = try translated.pairs(with: truth)
    guard let baseline = folders.baseline else {
      methods = ["translated"]
      colors = nil
      triples = pairs.map {
        Triple(translated: translated.path(at: $0.0), truth: truth.path(at: $0.1), input: nil)
      }
      return
    }
    let inputs = try ImageFolder(baseline)
    let input = Dictionary(uniqueKeysWithValues: try translated.pairs(with: inputs))
    methods = ["translated", "left as it is", "colours matched"]
    colors = try ColorStatistics(of: ImageFolder(folders.domain ?? folders.truth))
    triples = pairs.compactMap { pair in
      input[pair.0].map {
        Triple(
          translated: translated.path(at: pair.0), truth: truth.path(at: pair.1),
          input: inputs.path(at: $0))
      }
    }
    if triples.isEmpty { throw DatasetError.noPairs(folders.truth, baseline) }
  }

  /// For each picture the score of each method, or why there is none.
  func results(threads: Int, onPicture: @escaping @Sendable () -> Void)
    -> [Result<[PairedScore], Broken>]
  {
    ParallelWork.results(count: triples.count, threads: threads) { index in
      defer { onPicture() }
      return Result { () throws(Broken) in try scores(of: triples[index]) }
    }
  }

  private func scores(of triple: Triple) throws(Broken) -> [PairedScore] {
    do {
      let truth = try ImageFile.read(triple.truth)
      var candidates = [try ImageFile.read(triple.translated)]
      if let path = triple.input, let colors {
        let input = try ImageFile.read(path)
        candidates += [input, colors.matching(input)]
      }
      return try candidates.map { try PairedScore(of: $0, against: truth) }
    } catch let error as ScoreError {
      throw Broken(
        failure: .init(file: triple.translated, reason: "\(triple.translated): \(error)"))
    } catch {
      throw Broken(failure: .init(file: triple.translated, reason: "\(error)"))
    }
  }
}
