import Autograd
import ConvolutionCore
import Tensors

/// Trained numbers that stand for each of a few classes.
public final class Embedding: Module {
  /// `[size, classes]`: a column for each class.
  public let weight: Parameter

  /// Creates the table, zeros throughout.
  ///
  /// - Parameters:
  ///   - classes: How many there are.
  ///   - size: Numbers for each.
  public init(classes: Int, size: Int) {
    weight = Parameter([size, classes], role: .embedding)
  }

  /// `weight`.
  public var parameters: [NamedParameter] { [NamedParameter("weight", weight)] }

  /// Makes `[N, 1, 1, size]` of `[N, 1, 1, classes]`, in which a 1 stands for the class.
  public func callAsFunction(_ x: Variable) -> Variable {
    let (size, classes) = (weight.shape[0], weight.shape[1])
    return convolutionInputGradient(
      x, filter: weight.on(x.tape).reshaped([size, 1, 1, classes]), ConvolutionSpec(),
      inputShape: [x.shape.batch, 1, 1, size])
  }
}

extension Tensor {
  /// Classes as activations `[N, 1, 1, classes]`: 1 for an example's class, 0 for the others.
  ///
  /// Traps on a class that is none of them.
  public init(oneHot labels: [Int], classes: Int) {
    for label in labels {
      precondition((0..<classes).contains(label), "class \(label) of \(classes)")
    }
    self.init(zeros: [labels.count, 1, 1, classes])
    for (row, label) in labels.enumerated() { self[row * classes + label] = 1 }
  }
}
