import Autograd
import Checkpoints
import ConvolutionCore
import Layers
import Tensors

/// Tells classes of small pictures apart: strided convolutions down to 8 × 8 or less, batch norm,
/// and two fully connected layers.
///
/// What the first of these makes of a picture are its features: numbers in which pictures of one
/// class are near to one another.
public final class PictureClassifier: Module {
  /// The architecture.
  public let description: ClassifierDescription
  private let stages: Stages
  private let reduction: Linear
  private let judgement: Linear

  /// Creates the network, zeros throughout.
  public init(_ description: ClassifierDescription) {
    precondition(
      description.size >= 8 && description.classes >= 2,
      "a classifier of \(description.classes) classes of \(description.size)×\(description.size)")
    self.description = description
    var stages: [NormalizedLayer] = []
    var side = description.size, channels = description.channels, filters = description.filters
    func add(_ kernel: Int, stride: Int, outputs: Int) {
      let convolution = Conv2D(
        inputChannels: channels, outputChannels: outputs, kernel: kernel, stride: stride,
        padding: .zero(1), bias: .none)
      stages.append(
        NormalizedLayer(
          3 * stages.count, convolution, norm: BatchNorm(channels: outputs),
          activation: .leakyReLU(slope: 0.1)))
      channels = outputs
    }
    repeat {
      add(4, stride: 2, outputs: filters)
      side /= 2
      filters = min(2 * filters, 4 * description.filters)
    } while side > 8
    add(3, stride: 1, outputs: channels)
    self.stages = Stages("main", stages)
    reduction = Linear(inputs: side * side * channels, outputs: description.features)
    judgement = Linear(inputs: description.features, outputs: description.classes)
  }

  /// With the paths of the usual PyTorch network: `main.0.weight`, …, `reduction.weight`, ….
  public var parameters: [NamedParameter] {
    stages.parameters + reduction.parameters.map { $0.inside("reduction") }
      + judgement.parameters.map { $0.inside("judgement") }
  }

  /// Judges pictures `[N, H, W, C]`: `[N, 1, 1, classes]`, the largest for the likeliest class.
  public func callAsFunction(_ x: Variable) -> Variable { judgement(features(x)) }

  /// The features of pictures `[N, H, W, C]`: `[N, 1, 1, features]`.
  public func features(_ x: Variable) -> Variable {
    reduction(stages(x)).activated(.leakyReLU(slope: 0.1))
  }

  /// What to learn by: each class against all others, by binary cross-entropy.
  ///
  /// - Parameters:
  ///   - judgements: `[N, 1, 1, classes]`.
  ///   - labels: The true classes, N of them.
  /// - Returns: A scalar: the mean over the pictures of the sum over the classes.
  public static func loss(_ judgements: Variable, labels: [Int]) -> Variable {
    let (count, classes) = (judgements.shape.batch, judgements.shape.channels)
    precondition(labels.count == count, "\(labels.count) labels for \(count) pictures")
    let targets = Tensor(oneHot: labels, classes: classes)
    // −t·log σ(x) − (1 − t)·log(1 − σ(x)) = softplus(x) − t·x
    let sum = (judgements.map(.softplus) - judgements.tape.constant(targets) * judgements).sum()
    return sum.affine(scale: 1 / Float(count))
  }

  /// What the network says of a picture.
  public struct Reading: Sendable, Equatable {
    /// The likeliest class.
    public let label: Int
    /// The features.
    public let features: [Float]
  }

  /// Reads pictures `[N, H, W, C]` with the trained network.
  public func read(_ pictures: Tensor, on backend: any Backend) -> [Reading] {
    let tape = Tape(inference: backend)
    let features = features(tape.constant(pictures))
    let judgements = judgement(features).value.values, numbers = features.value.values
    let (classes, width) = (description.classes, description.features)
    return (0..<pictures.shape.batch).map { index in
      let row = judgements[index * classes..<(index + 1) * classes]
      return Reading(
        label: row.indices.max { row[$0] < row[$1] }! - row.startIndex,
        features: Array(numbers[index * width..<(index + 1) * width]))
    }
  }
}
