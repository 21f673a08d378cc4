import Files
import Foundation
import ImageDatasets
import Images
import Tensors

/// One run of a folder's translation.
final class FolderJob {
  private let options: FolderTranslation
  private let plan: TranslationPlan
  private let targets: [FolderTranslation.Target]
  private let onEvent: (FolderTranslation.Event) throws -> Void
  private var summary = FolderTranslation.Summary()
  private var writing: [Finishing] = []
  private var largestPicture = 1

  /// A picture, and the targets whose outputs are to be made.
  private struct Work {
    let item: TranslationPlan.Item
    let targets: [Int]
  }

  /// A picture whose translations are being written.
  private struct Finishing {
    let work: Work
    let seconds: Double
    let damage: String?
    /// For each of its targets, in their order.
    let outputs: [Result<Pending<Void>, any Error>]
  }

  init(
    _ options: FolderTranslation, _ plan: TranslationPlan, _ targets: [FolderTranslation.Target],
    onEvent: @escaping (FolderTranslation.Event) throws -> Void
  ) {
    self.options = options
    self.plan = plan
    self.targets = targets
    self.onEvent = onEvent
  }

  /// Does the work.
  func run() throws -> FolderTranslation.Summary {
    let name = options.shard.map { "manifest-\($0).jsonl" } ?? "manifest.jsonl"
    if let folder = plan.outputFolder {
      try translateAll(recordingTo: Manifest(folder: folder, name: name))
    } else {
      try translateAll(recordingTo: nil)
    }
    return summary
  }

  private func translateAll(recordingTo manifest: Manifest?) throws {
    summary.leftovers = plan.folders.reduce(0) { $0 + AtomicFile.removeLeftovers(in: $1) }
    summary.linksOut = plan.linksOut
    summary.foreignFiles = plan.foreignCount
    let works = worksToDo()
    summary.kept = plan.items.count - works.count
    try onEvent(.began(pictures: works.count, kept: summary.kept))
    for failure in plan.unlistable {
      summary.failures.append(.init(input: failure.path, reason: failure.description))
      try onEvent(.leftOutFolder(failure.path, reason: failure.description))
    }

    var decoding: [Pending<DecodedPicture>] = []
    var next = 0
    do {
      while next < works.count {
        let group = works[next..<min(next + options.batch, works.count)]
        for work in works[(next + decoding.count)...].prefix(max(0, depth - decoding.count)) {
          let (size, acceptsDamage) = (options.size, options.acceptsDamage)
          decoding.append(
            Pending {
              try DecodedPicture(work.item.input, scaledTo: size, acceptsDamage: acceptsDamage)
            })
        }
        let sources = decoding.prefix(group.count)
        decoding.removeFirst(group.count)
        next += group.count
        translate(Array(group), Array(sources))
        while writing.count > depth { try settleFirst(manifest) }
      }
      while !writing.isEmpty { try settleFirst(manifest) }
    } catch {
      // Nothing half written or unrecorded stays behind.
      for finishing in writing { _ = try? settle(finishing, manifest) }
      throw error
    }
  }

  /// Pictures that are decoded ahead or encoded behind: enough that computing never waits, and no
  /// more than memory allows.
  private var depth: Int {
    max(options.batch, min(2 * options.batch + 1, options.waitingBytes / largestPicture))
  }
}

// MARK: - What there is to do

extension FolderJob {
  private func worksToDo() -> [Work] {
    let isDone = plan.items.map { item in item.outputs.map { isThere($0) } }
    let checked = options.existing == .keptIfWhole ? wholeOnes(isDone) : isDone
    summary.keptOfOthers = outputsOfOthers(among: checked)
    return zip(plan.items, checked).compactMap { item, done in
      let missing = targets.indices.filter { !done[$0] }
      return missing.isEmpty ? nil : Work(item: item, targets: missing)
    }
  }

  /// How many of the outputs that are left alone were made by other targets.
  private func outputsOfOthers(among isDone: [[Bool]]) -> Int {
    guard let folder = plan.outputFolder, isDone.contains(where: { $0.contains(true) }) else {
      return 0
    }
    let earlier = EarlierOutputs(of: folder)
    return zip(plan.items, isDone).reduce(0) { sum, next in
      sum
        + targets.indices.count {
          next.1[$0] && earlier.isOfAnother(next.0.outputs[$0], than: targets[$0])
        }
    }
  }

  private func isThere(_ output: String) -> Bool {
    options.existing != .replaced && FileEntry.isFile(output)
  }

  /// Which of the outputs that are there can be decoded to their ends.
  private func wholeOnes(_ isThere: [[Bool]]) -> [[Bool]] {
    let items = plan.items
    return ParallelWork.results(count: items.count, threads: SystemCores.count) { index in
      zip(items[index].outputs, isThere[index]).map { output, isThere in
        isThere && (try? ImageFile.read(output)) != nil
      }
    }
  }
}

// MARK: - Doing it

extension FolderJob {
  /// Translates pictures and begins to write the results.
  private func translate(_ works: [Work], _ sources: [Pending<DecodedPicture>]) {
    let pictures = sources.map { source in Result { try source.value() } }
    let start = ContinuousClock.now
    var outputs: [[Result<Pending<Void>, any Error>]] = works.map { _ in [] }
    for (number, target) in targets.enumerated() {
      let chosen = works.indices.filter { works[$0].targets.contains(number) }
      let originals = chosen.compactMap { try? pictures[$0].get().picture.pixels }
      let made = Result { originals.isEmpty ? [] : try target.translate(originals) }
      var position = 0
      for index in chosen {
        let item = works[index].item
        outputs[index].append(
          Result {
            let original = try pictures[index].get()
            defer { position += 1 }
            return begin(
              writing: try made.get()[position], of: original, to: item.outputs[number],
              as: item.format)
          })
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    summary.computingSeconds += seconds
    for (index, work) in works.enumerated() {
      if case .success(let picture) = pictures[index] { note(picture.picture) }
      writing.append(
        Finishing(
          work: work, seconds: seconds / Double(works.count),
          damage: (try? pictures[index].get())?.picture.damage, outputs: outputs[index]))
    }
  }

  private func note(_ picture: StoredPicture) {
    largestPicture = max(largestPicture, picture.pixels.byteCount)
    guard let trained = options.trainedSize else { return }
    let scale = Double(min(picture.pixels.width, picture.pixels.height)) / Double(trained)
    if !(0.5...4).contains(scale) { summary.unusualSizes += 1 }
  }

  private func begin(
    writing pixels: Pixels, of original: DecodedPicture, to path: String, as format: ImageFormat?
  ) -> Pending<Void> {
    var translation = original.picture
    translation.pixels = pixels
    let encoding = StoredPicture.Encoding(format: format, quality: options.encoding.quality)
    let keepsTimes = options.keepsTimes
    return Pending { [translation] in
      try NewFolder.create(FilePaths.folder(of: path))
      try AtomicFile.write(translation.encoded(encoding, name: path), to: path)
      if keepsTimes { original.times.apply(to: path) }
    }
  }

  /// Waits until the first picture's outputs are written, and tells; throws what concerns all pictures.
  private func settleFirst(_ manifest: Manifest?) throws {
    let finishing = writing.removeFirst()
    let item = finishing.work.item
    if let failure = try settle(finishing, manifest) {
      let reason = "\(failure)", isDamaged = (failure as? ImageError)?.isDamage ?? false
      summary.failures.append(.init(input: item.input, reason: reason, isDamaged: isDamaged))
      try onEvent(.failed(input: item.input, reason: reason))
    } else {
      summary.translated += 1
      if let damage = finishing.damage {
        summary.damaged += 1
        try onEvent(.damaged(input: item.input, reason: damage))
      }
      try onEvent(
        .translated(
          input: item.input, outputs: finishing.work.targets.map { item.outputs[$0] }))
    }
  }

  /// Waits until a picture's outputs are written, and records them; throws what concerns all pictures.
  ///
  /// - Returns: Why the first of those that could not be written could not; nil if all were.
  private func settle(_ finishing: Finishing, _ manifest: Manifest?) throws -> (any Error)? {
    // All are waited for before any is asked how it went.
    let failures = finishing.outputs.map { output in Result { try output.get().value() }.failure }
    for (number, failure) in zip(finishing.work.targets, failures) where !failure.concernsAllFiles {
      try manifest?.append(
        .init(
          input: finishing.work.item.input, output: finishing.work.item.outputs[number],
          model: targets[number].model, weights: targets[number].weights, to: targets[number].name,
          seconds: (finishing.seconds * 1e4).rounded() / 1e4, damage: finishing.damage,
          error: failure.map { "\($0)" }))
    }
    if let failure = failures.first(where: \.concernsAllFiles), let failure { throw failure }
    return failures.lazy.compactMap { $0 }.first
  }
}

extension Result {
  /// Why it failed; nil if it did not.
  fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

extension (any Error)? {
  /// Whether other files would meet the same fate.
  fileprivate var concernsAllFiles: Bool {
    guard let error = self as? FileError, error.operation != .read,
      case .system(let code) = error.reason
    else { return false }
    return [ENOSPC, EDQUOT, EROFS, EIO].contains(code)
  }
}
