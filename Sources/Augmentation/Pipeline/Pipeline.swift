import Images
import Tensors

/// Operations applied one after the other, each with its probability.
///
/// ```swift
/// let pipeline = Pipeline {
///   HorizontalFlip()
///   Rotate(limit: -15...15, probability: 0.5)
///   OneOf {
///     GaussianBlur()
///     GaussNoise()
///   }
/// }
/// ```
///
/// The outcome depends on the key of the picture (seed, epoch, index, stream) and on the place of
/// each operation, never on threads or on the order in which pictures come.
public struct Pipeline: PipelineStep {
  /// The steps, the first to be applied first.
  let steps: [PipelineNode]
  /// Which boxes are kept in the end.
  public var boxRules: BoxRules

  /// Creates a pipeline of steps; an empty one changes nothing.
  public init(boxRules: BoxRules = BoxRules(), @PipelineBuilder _ steps: () -> [PipelineNode]) {
    self.init(steps(), boxRules: boxRules)
  }

  /// Creates a pipeline of steps that were collected elsewhere.
  public init(_ steps: [any PipelineStep], boxRules: BoxRules = BoxRules()) {
    self.steps = steps.map(\.node)
    self.boxRules = boxRules
  }

  /// The operations of all steps, those in groups among them, in their order.
  public var operations: [any ImageOperation] { steps.flatMap(\.operations) }

  /// Makes sure that folders and models that operations name are there, before the first picture.
  ///
  /// - Throws: What is missing.
  public func prepare() throws(AugmentationError) {
    for operation in operations { try operation.prepare() }
  }

  /// The pipeline as a part of another one, whose rules for boxes hold.
  public var node: PipelineNode {
    PipelineNode(kind: .group(.sequential, steps), probability: 1)
  }

  /// Which picture it is: the same key, the same outcome.
  public struct Key: Sendable, Hashable {
    /// The seed of the run.
    public var seed: UInt64
    /// How often the picture has been used before, or which copy is made.
    public var epoch: Int
    /// Which picture.
    public var index: Int
    /// Keeps pictures apart that share an index, such as those of two domains.
    public var stream: String

    /// Creates a key.
    public init(seed: UInt64, epoch: Int = 0, index: Int = 0, stream: String = "") {
      self.seed = seed
      self.epoch = epoch
      self.index = index
      self.stream = stream
    }
  }

  /// Applies the steps to a picture and what belongs to it.
  ///
  /// - Throws: If an operation cannot be applied to a picture of this size.
  public func apply(
    to picture: AnnotatedImage, key: Key
  ) throws(AugmentationError) -> AnnotatedImage {
    var run = PipelineRun(picture, key: key, records: false)
    try run.perform(steps, rules: boxRules)
    return run.picture
  }

  /// Applies the steps and says what was done, so that it can be done again.
  ///
  /// - Throws: If an operation cannot be applied to a picture of this size.
  public func applyRecording(
    to picture: AnnotatedImage, key: Key
  ) throws(AugmentationError) -> (picture: AnnotatedImage, record: AugmentationRecord) {
    var run = PipelineRun(picture, key: key, records: true)
    try run.perform(steps, rules: boxRules)
    return (run.picture, AugmentationRecord(operations: run.applied, boxRules: boxRules))
  }

  /// Applies the operations to the picture of a key.
  ///
  /// - Throws: If an operation cannot be applied to a picture of this size.
  public func apply(
    to image: Image, seed: UInt64, epoch: Int = 0, index: Int = 0, stream: String = ""
  ) throws(AugmentationError) -> Image {
    let key = Key(seed: seed, epoch: epoch, index: index, stream: stream)
    return try apply(to: AnnotatedImage(image), key: key).image
  }
}
