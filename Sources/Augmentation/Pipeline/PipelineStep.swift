/// What a pipeline is made of: operations, and groups of them.
public protocol PipelineStep: Sendable {
  /// The step as the pipeline keeps it.
  var node: PipelineNode { get }
}

/// A step of a pipeline: an operation or a group.
public struct PipelineNode: PipelineStep {
  enum Kind: Sendable {
    case operation(any ImageOperation)
    case group(Group, [PipelineNode])
  }

  /// How a group goes about its steps.
  enum Group: Sendable, Equatable {
    case sequential
    case oneOf
    case someOf(ClosedRange<Int>)
    case randomOrder

    var name: GroupName {
      switch self {
      case .sequential: .sequential
      case .oneOf: .oneOf
      case .someOf: .someOf
      case .randomOrder: .randomOrder
      }
    }
  }

  let kind: Kind
  let probability: Float

  init(kind: Kind, probability: Float) {
    if case .operation(let operation) = kind { operation.requireValid() }
    precondition((0...1).contains(probability), "a step with probability \(probability)")
    self.kind = kind
    self.probability = probability
  }

  /// Itself.
  public var node: PipelineNode { self }

  /// The operation, or those of the group.
  var operations: [any ImageOperation] {
    switch kind {
    case .operation(let operation): [operation]
    case .group(_, let steps): steps.flatMap(\.operations)
    }
  }

  /// The name in recipes and in the keys of random numbers.
  var name: String {
    switch kind {
    case .operation(let operation): type(of: operation).name
    case .group(let group, _): group.name.rawValue
    }
  }
}

/// What groups are called in recipes and in the keys of random numbers.
enum GroupName: String, CaseIterable {
  /// A sequence that is always applied, as recipes of other tools begin.
  case compose = "Compose"
  case oneOf = "OneOf"
  case randomOrder = "RandomOrder"
  case sequential = "Sequential"
  case someOf = "SomeOf"

  /// How often a group is applied whose recipe does not say.
  var usualProbability: Float {
    switch self {
    case .oneOf, .sequential: 0.5
    case .compose, .randomOrder, .someOf: 1
    }
  }
}

/// All steps, one after the other, or none.
public struct Sequential: PipelineStep {
  /// The group as a step.
  public let node: PipelineNode

  /// Creates a group that is applied with a probability.
  public init(probability: Float = 0.5, @PipelineBuilder _ steps: () -> [PipelineNode]) {
    node = PipelineNode(kind: .group(.sequential, steps()), probability: probability)
  }
}

/// One of the steps, chosen at random; a step with twice the probability is chosen twice as often.
public struct OneOf: PipelineStep {
  /// The group as a step.
  public let node: PipelineNode

  /// Creates a group that is applied with a probability.
  public init(probability: Float = 0.5, @PipelineBuilder _ steps: () -> [PipelineNode]) {
    node = PipelineNode(kind: .group(.oneOf, steps()), probability: probability)
  }
}

/// Some of the steps, in their order, chosen by their probabilities as in `OneOf`.
public struct SomeOf: PipelineStep {
  /// The group as a step.
  public let node: PipelineNode

  /// Creates a group that is applied with a probability.
  ///
  /// - Parameters:
  ///   - count: How many, drawn evenly; more than there are means all.
  ///   - probability: How often the group is applied, 0…1.
  ///   - steps: The steps.
  public init(
    _ count: ClosedRange<Int>, probability: Float = 1,
    @PipelineBuilder _ steps: () -> [PipelineNode]
  ) {
    precondition(count.lowerBound >= 0, "\(count) of some steps")
    node = PipelineNode(kind: .group(.someOf(count), steps()), probability: probability)
  }

  /// Creates a group of which a fixed number of steps is applied.
  public init(
    _ count: Int, probability: Float = 1, @PipelineBuilder _ steps: () -> [PipelineNode]
  ) {
    self.init(count...count, probability: probability, steps)
  }
}

/// All steps, each with its probability, in a random order.
public struct RandomOrder: PipelineStep {
  /// The group as a step.
  public let node: PipelineNode

  /// Creates a group that is applied with a probability.
  public init(probability: Float = 1, @PipelineBuilder _ steps: () -> [PipelineNode]) {
    node = PipelineNode(kind: .group(.randomOrder, steps()), probability: probability)
  }
}

/// Collects the steps between braces.
@resultBuilder
public enum PipelineBuilder {
  /// A step.
  public static func buildExpression(_ step: some PipelineStep) -> [PipelineNode] { [step.node] }
  /// Steps that were collected elsewhere.
  public static func buildExpression(_ steps: [any PipelineStep]) -> [PipelineNode] {
    steps.map(\.node)
  }
  /// Lines one after the other.
  public static func buildBlock(_ parts: [PipelineNode]...) -> [PipelineNode] {
    parts.flatMap(\.self)
  }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [PipelineNode]?) -> [PipelineNode] { part ?? [] }
  /// The first branch of an `if`.
  public static func buildEither(first part: [PipelineNode]) -> [PipelineNode] { part }
  /// The second branch of an `if`.
  public static func buildEither(second part: [PipelineNode]) -> [PipelineNode] { part }
  /// A loop.
  public static func buildArray(_ parts: [[PipelineNode]]) -> [PipelineNode] {
    parts.flatMap(\.self)
  }
}
