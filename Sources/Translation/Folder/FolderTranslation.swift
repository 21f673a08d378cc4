import Files
import Images

/// Translates a picture or all pictures of a folder into another folder.
///
/// Outputs keep their names relative to the input folder, and are stored as the inputs were. The
/// next pictures are decoded and the last ones encoded on other threads while some are translated.
/// A picture that cannot be read is left out and the rest are done. A run that was killed leaves
/// whole outputs only, and the next one goes on where it stopped.
public struct FolderTranslation: Sendable {
  /// What pictures are translated to, and how.
  public struct Target {
    /// The domain's name, also that of its folder where there are several targets.
    public let name: String
    /// What the record calls the model.
    public let model: String
    /// What tells the model's weights from others', for the record; nil for not known.
    public let weights: String?
    /// Makes translations of pictures, in their order.
    public let translate: ([Pixels]) throws -> [Pixels]

    /// Describes a target.
    public init(
      name: String, model: String, weights: String? = nil,
      translate: @escaping ([Pixels]) throws -> [Pixels]
    ) {
      self.name = name
      self.model = model
      self.weights = weights
      self.translate = translate
    }
  }

  /// What is done about outputs that are there already.
  public enum Existing: Sendable {
    /// They are left alone.
    case kept
    /// They are left alone if they are whole pictures, and made again otherwise.
    case keptIfWhole
    /// They are made again.
    case replaced
  }

  /// What happens on the way, in the order of the names.
  public enum Event: Sendable, Equatable {
    /// So many pictures will be translated; so many others have their outputs already.
    case began(pictures: Int, kept: Int)
    /// A picture's translations are written.
    case translated(input: String, outputs: [String])
    /// A picture of which a part is missing will be translated, as is asked for.
    case damaged(input: String, reason: String)
    /// A folder cannot be listed.
    case leftOutFolder(String, reason: String)
    /// A picture was left out.
    case failed(input: String, reason: String)
  }

  /// What became of the pictures.
  public struct Summary: Sendable, Equatable {
    /// Pictures translated.
    public internal(set) var translated = 0
    /// Pictures among them of which a part was missing.
    public internal(set) var damaged = 0
    /// Pictures whose outputs were there already.
    public internal(set) var kept = 0
    /// Outputs that were there already and that, by the record, another model made, or the same
    /// one for another domain.
    public internal(set) var keptOfOthers = 0
    /// Pictures and folders that were left out.
    public internal(set) var failures: [Failure] = []
    /// Links that were not followed, since they lead out of the input folder.
    public internal(set) var linksOut: [String] = []
    /// Files in the input folder that are named like films or like pictures of other formats.
    public internal(set) var foreignFiles = 0
    /// Pictures whose shorter side is less than half of what the model was trained on, or more than
    /// four times that.
    public internal(set) var unusualSizes = 0
    /// Temporary files of killed runs that were removed.
    public internal(set) var leftovers = 0
    /// Seconds spent in the targets' translations.
    public internal(set) var computingSeconds = 0.0
  }

  /// A picture or a folder that was left out.
  public struct Failure: Sendable, Equatable {
    /// The file or folder.
    public let input: String
    /// What is wrong with it.
    public let reason: String
    /// Whether a part of the picture is there, which `acceptsDamage` would translate.
    public internal(set) var isDamaged = false
  }

  /// What is done about outputs that are there already.
  public var existing = Existing.kept
  /// How outputs are written.
  public var encoding = StoredPicture.Encoding()
  /// Whether outputs get the times of their inputs.
  public var keepsTimes = false
  /// Whether links may lead out of the input folder.
  public var followsAllLinks = false
  /// Whether what is there of a broken picture is translated, rather than left out.
  public var acceptsDamage = false
  /// The length that the shorter side of pictures is scaled to first; nil for their own.
  public var size: Int?
  /// What the model was trained on, for `Summary.unusualSizes`.
  public var trainedSize: Int?
  /// How many pictures are given to a target at once.
  public var batch = 1
  /// Which part of the pictures is wanted; nil for all.
  public var shard: Shard?
  /// Bytes that decoded pictures that wait may take.
  public var waitingBytes = 256 << 20

  /// Creates a translation that leaves existing outputs alone and all else as it is.
  public init() {}

  /// Translates to one target.
  ///
  /// - Parameters:
  ///   - input: A picture, or a folder, searched recursively.
  ///   - output: The folder to write, made if missing; or, for one picture, the file. It may lie in
  ///     the input folder: what lies in it is not taken for input.
  ///   - translate: Makes the translation of a picture; called on this thread.
  ///   - onEvent: Called on this thread; an error that it throws ends the work, after which whole
  ///     outputs are left alone as ever.
  /// - Throws: As `run(input:output:targets:onEvent:)`.
  public func run(
    input: String, output: String, translate: @escaping (Image) throws -> Image,
    onEvent: (Event) throws -> Void = { _ in }
  ) throws -> Summary {
    let target = Target(name: "", model: "") { pictures in
      try pictures.map { .bytes(try translate($0.image)) }
    }
    return try run(input: input, output: output, targets: [target], onEvent: onEvent)
  }

  /// Translates to one or several targets, decoding each picture once.
  ///
  /// A folder of outputs holds a record of the work, `manifest.jsonl`, which also tells of outputs
  /// that are left alone whether other targets made them.
  ///
  /// - Parameters:
  ///   - input: A picture, or a folder, searched recursively.
  ///   - output: The folder to write, made if missing; or, for one picture and one target, the
  ///     file. Several targets get a folder each in it.
  ///   - targets: Called on this thread.
  ///   - onEvent: Called on this thread; an error that it throws ends the work, after which whole
  ///     outputs are left alone as ever.
  /// - Throws: `TranslationError` or `DatasetError` if the work cannot begin; `FileError` if the output
  ///   folder cannot be made, or no output can be written any more, which ends the work; and what
  ///   `onEvent` throws.
  public func run(
    input: String, output: String, targets: [Target], onEvent: (Event) throws -> Void = { _ in }
  ) throws -> Summary {
    precondition(!targets.isEmpty && batch >= 1, "\(targets.count) targets, batches of \(batch)")
    precondition(size ?? 1 >= 1, "pictures scaled to \(size ?? 0) pixels")
    let plan = try plan(input: input, output: output, targets: targets.map(\.name))
    return try withoutActuallyEscaping(onEvent) { onEvent in
      try FolderJob(self, plan, targets, onEvent: onEvent).run()
    }
  }

  /// Which outputs belong to which input, whether they are there or not.
  ///
  /// - Parameter targets: The targets' names.
  /// - Throws: As `run(input:output:targets:onEvent:)` where the work cannot begin.
  public func outputs(input: String, output: String, targets: [String]) throws
    -> [(input: String, outputs: [String])]
  {
    try plan(input: input, output: output, targets: targets).items.map { ($0.input, $0.outputs) }
  }

  private func plan(input: String, output: String, targets: [String]) throws -> TranslationPlan {
    try TranslationPlan(
      input: input, output: output,
      .init(
        folders: targets.count == 1 ? [""] : targets, format: encoding.format,
        followsAllLinks: followsAllLinks, shard: shard))
  }
}
