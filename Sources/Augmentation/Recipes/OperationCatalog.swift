import Foundation

/// The operations that recipes and records may name.
public struct OperationCatalog: Sendable {
  /// The kinds of operation, in the order of the documentation.
  public private(set) var operations: [any ImageOperation.Type]

  /// Creates a catalog of these kinds.
  public init(_ operations: [any ImageOperation.Type]) { self.operations = operations }

  /// A catalog with further kinds, which take the place of those of the same name.
  public func adding(_ more: [any ImageOperation.Type]) -> OperationCatalog {
    let names = Set(more.map { $0.name })
    return OperationCatalog(operations.filter { !names.contains($0.name) } + more)
  }

  /// All operations of this library.
  public static let standard = OperationCatalog([
    HorizontalFlip.self, VerticalFlip.self, RandomRotate90.self, Transpose.self, Resize.self,
    SmallestMaxSize.self, LongestMaxSize.self, RandomCrop.self, CenterCrop.self,
    RandomResizedCrop.self, PadIfNeeded.self, Affine.self, Rotate.self, Perspective.self,
    ElasticTransform.self, GridDistortion.self, CoarseDropout.self,
    RandomBrightnessContrast.self, ColorJitter.self, HueSaturationValue.self, RandomGamma.self,
    ToGray.self, CLAHE.self, Equalize.self, Posterize.self, Solarize.self, GaussianBlur.self,
    MotionBlur.self, GaussNoise.self, ISONoise.self, ImageCompression.self, Downscale.self,
    Sharpen.self, ChannelShuffle.self, Normalize.self, HistogramMatching.self,
    FourierDomainAdaptation.self, Mixup.self, CutMix.self,
  ])

  /// An option of an operation, as a person reads about it.
  public struct OptionHelp: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What it is, with its unit.
    public let help: String
    /// What it may be.
    public let domain: String
    /// What it is unless it is set; nil if it must be.
    public let standard: String?
  }

  /// What is known about an operation.
  public struct OperationHelp: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What it does.
    public let summary: String
    /// Its options.
    public let options: [OptionHelp]
  }

  /// What is known about every operation.
  public var help: [OperationHelp] { operations.map { Self.help($0) } }

  private static func help<Operation: ImageOperation>(
    _ type: Operation.Type
  ) -> OperationHelp {
    let standard = Operation()
    let probability = OptionHelp(
      name: "probability", help: "How often it is applied.", domain: "a number from 0 to 1",
      standard: OptionValue.number(standard.probability).text)
    let options = Operation.options.map {
      OptionHelp(
        name: $0.name, help: $0.help, domain: $0.domain,
        standard: $0.isRequired ? nil : $0.value(standard).text)
    }
    return OperationHelp(
      name: Operation.name, summary: Operation.summary, options: options + [probability])
  }

  /// The kind of operation of a name.
  func operation(named name: String) -> (any ImageOperation.Type)? {
    operations.first { $0.name == name }
  }

  /// The operation of a record, with its options.
  func operation(_ applied: AppliedOperation) throws(RecipeError) -> any ImageOperation {
    guard let type = operation(named: applied.operation) else {
      let nearest = operations.map { $0.name }.nearest(to: applied.operation)
      throw RecipeError(nil, .unknownOperation(applied.operation, nearest: nearest))
    }
    guard case .map(let entries) = applied.options else {
      throw RecipeError(
        nil, .unexpected(found: applied.options.kind, wanted: "the options of \(type.name)"))
    }
    let options = entries.map { RecipeNode.Entry($0.name, nil, RecipeNode($0.value, line: nil)) }
    return try Self.make(type, options, line: nil)
  }

  /// The operation of a kind with options set.
  ///
  /// - Parameter folder: Where the recipe lies, and relative paths in it are looked for first.
  static func make<Operation: ImageOperation>(
    _ type: Operation.Type, _ entries: [RecipeNode.Entry], line: Int?, folder: String? = nil
  ) throws(RecipeError) -> any ImageOperation {
    try entries.refuseTwoProbabilities()
    var operation = Operation()
    let known = Dictionary(
      Operation.options.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in entries {
      let problem: String?
      if entry.name == "probability" || entry.name == "p" {
        problem = Self.setProbability(of: &operation, to: entry.node.value)
      } else if let option = known[entry.name] {
        let value = entry.node.value.led(from: folder, if: option.leads)
        problem = value == .none ? nil : option.set(&operation, value)
      } else {
        let all = Operation.options.map(\.name) + ["probability"]
        throw RecipeError(
          entry.line,
          .unknownOption(
            entry.name, of: Operation.name, nearest: all.nearest(to: entry.name), all: all))
      }
      if let problem {
        throw RecipeError(
          entry.line, .unusableValue(option: entry.name, of: Operation.name, problem: problem))
      }
    }
    for option in Operation.options where option.isRequired {
      guard entries.contains(where: { $0.name == option.name && $0.node.value != .none }) else {
        throw RecipeError(
          line, .missingOption(option.name, of: Operation.name, domain: option.domain))
      }
    }
    return operation
  }

  private static func setProbability(
    of operation: inout some ImageOperation, to value: OptionValue
  ) -> String? {
    if value == .none { return nil }
    guard case .number(let number) = value, (0...1).contains(number) else {
      return "is \(value.kind) and must be a number from 0 to 1"
    }
    operation.probability = Float(number)
    return nil
  }
}

extension [RecipeNode.Entry] {
  /// Refuses a probability by either of its names beside the other.
  func refuseTwoProbabilities() throws(RecipeError) {
    if contains(where: { $0.name == "probability" }), let other = first(where: { $0.name == "p" }) {
      throw RecipeError(other.line, .syntax("'p' is 'probability', which stands there twice"))
    }
  }
}

extension OptionValue {
  /// A path led from a folder, if what is meant lies there, or lies nowhere but something does there;
  /// else as it is.
  fileprivate func led(
    from folder: String?, if leads: ((_ path: String) -> Bool)?
  ) -> OptionValue {
    guard case .text(let path) = self, let folder, let leads, !path.hasPrefix("/") else {
      return self
    }
    let beside = "\(folder)/\(path)"
    let isMeant = leads(beside) || (FileManager.default.fileExists(atPath: beside) && !leads(path))
    return isMeant ? .text(beside) : self
  }
}
