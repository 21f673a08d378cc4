import Images

/// How close the translations in a folder come to the true pictures, beside what needs no model.
public struct FolderScore: Sendable {
  /// A way to translate.
  public enum Method: String, Sendable, Encodable {
    /// The translations that are judged.
    case translated = "translated"
    /// The input itself.
    case unchanged = "left as it is"
    /// The input with the mean and spread of the target domain's colours.
    case colorsMatched = "colours matched"
  }

  /// The mean score of a way to translate.
  public struct Row: Encodable, Equatable, Sendable {
    /// What was compared with the truth.
    public let method: Method
    /// Mean peak signal-to-noise ratio in decibels; nil where a picture equals the true one.
    public let psnr: Double?
    /// Mean structural similarity, at most 1.
    public let ssim: Double
  }

  /// A picture that could not be compared.
  public struct Failure: Encodable, Equatable, Sendable {
    /// The translated picture.
    public let file: String
    /// Why, and what to do about it; names the file.
    public let reason: String
  }

  /// The mean of each method.
  public let rows: [Row]
  /// Pictures compared.
  public let pictures: Int
  /// Pictures that could not be compared.
  public let failures: [Failure]
}

/// Translated pictures that are to be compared with the true ones.
public struct FolderComparison: Sendable {
  private struct Candidate {
    let translated: String
    let truth: String
    let input: String?
  }

  private let candidates: [Candidate]
  private let methods: [FolderScore.Method]
  private let colors: ColorStatistics?

  /// Pictures to be compared.
  public var count: Int { candidates.count }

  /// Compares translations only: all that have the same name in both folders.
  ///
  /// - Parameters:
  ///   - translated: Translated pictures.
  ///   - truth: The true pictures of the target domain, under the same names.
  /// - Throws: `DatasetError`.
  public init(of translated: ImageFolder, with truth: ImageFolder) throws(DatasetError) {
    candidates = try translated.pairs(with: truth).map {
      Candidate(translated: translated.path(at: $0.0), truth: truth.path(at: $0.1), input: nil)
    }
    methods = [.translated]
    colors = nil
  }

  /// Compares translations, and what needs no model as well: all that have the same name in the first
  /// three folders.
  ///
  /// - Parameters:
  ///   - translated: Translated pictures.
  ///   - truth: The true pictures of the target domain, under the same names.
  ///   - inputs: What was translated, under the same names.
  ///   - domain: Pictures whose colours are matched.
  /// - Throws: `DatasetError`.
  public init(
    of translated: ImageFolder, with truth: ImageFolder, inputs: ImageFolder,
    domain: ImageFolder
  ) throws {
    let pairs = try translated.pairs(with: truth)
    let input = Dictionary(uniqueKeysWithValues: try translated.pairs(with: inputs))
    candidates = pairs.compactMap { pair in
      input[pair.0].map {
        Candidate(
          translated: translated.path(at: pair.0), truth: truth.path(at: pair.1),
          input: inputs.path(at: $0))
      }
    }
    if candidates.isEmpty { throw DatasetError.noPairs(truth.path, inputs.path) }
    methods = [.translated, .unchanged, .colorsMatched]
    colors = try ColorStatistics(of: domain)
  }

  /// The scores.
  ///
  /// - Parameters:
  ///   - threads: Pictures compared at a time.
  ///   - onPicture: Called when a picture is done, from any thread.
  public func score(threads: Int, onPicture: @Sendable () -> Void = {}) -> FolderScore {
    let results = ParallelWork.results(count: count, threads: threads) { index in
      defer { onPicture() }
      return Result { () throws(Unusable) in try scores(of: candidates[index]) }
    }
    let compared = results.compactMap { try? $0.get() }
    return FolderScore(
      rows: methods.indices.compactMap { method in
        PairedScore.mean(of: compared.map { $0[method] }).map {
          FolderScore.Row(
            method: methods[method], psnr: $0.psnr.isFinite ? $0.psnr : nil, ssim: $0.ssim)
        }
      },
      pictures: compared.count,
      failures: results.compactMap {
        if case .failure(let error) = $0 { error.failure } else { nil }
      })
  }

  private struct Unusable: Error {
    let failure: FolderScore.Failure
  }

  /// The score of each method.
  private func scores(of candidate: Candidate) throws(Unusable) -> [PairedScore] {
    let file = candidate.translated
    do {
      let truth = try ImageFile.read(candidate.truth)
      var pictures = [try ImageFile.read(file)]
      if let path = candidate.input, let colors {
        let input = try ImageFile.read(path)
        pictures += [input, colors.matching(input)]
      }
      return try pictures.map { try PairedScore(of: $0, against: truth) }
    } catch let error as ScoreError {
      throw Unusable(failure: .init(file: file, reason: "\(file): \(error)"))
    } catch {
      throw Unusable(failure: .init(file: file, reason: "\(error)"))
    }
  }
}
