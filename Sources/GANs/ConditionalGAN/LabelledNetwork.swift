import Autograd
import Layers
import Tensors

/// A network that may be told the class of each sample.
///
/// The class enters as further channels, the same for all pixels: a 1 among zeros, or trained
/// numbers. A generator has it beside the noise, a discriminator beside the sample.
/// - SeeAlso: Mirza and Osindero, arXiv:1411.1784.
public final class LabelledNetwork: Module {
  /// Classes that it can be told; 0 for a network that takes samples alone.
  public let classes: Int
  private let body: any Module
  private let embedding: Embedding?
  private let isFlat: Bool

  /// - Parameters:
  ///   - body: What takes the joined channels.
  ///   - classes: Classes; 0 for none.
  ///   - embedding: Trained numbers for each class; nil for a 1 among zeros.
  ///   - isFlat: Whether the body has no use for pixels and takes a class only once.
  init(_ body: any Module, classes: Int, embedding: Int?, isFlat: Bool) {
    self.body = body
    self.classes = classes
    self.isFlat = isFlat
    self.embedding =
      classes > 0 ? embedding.map { Embedding(classes: classes, size: $0) } : nil
  }

  /// Those of the body, and `label.weight` where classes have trained numbers.
  public var parameters: [NamedParameter] {
    body.parameters + (embedding?.parameters.map { $0.inside("label") } ?? [])
  }

  /// Takes samples alone; traps if the network has to be told their classes.
  public func callAsFunction(_ x: Variable) -> Variable { self(x, labels: []) }

  /// Takes samples `[N, H, W, C]` and their classes; of those only as many as the network knows.
  public func callAsFunction(_ x: Variable, labels: [Int]) -> Variable {
    guard classes > 0 else { return body(x) }
    precondition(labels.count == x.shape.batch, "\(labels.count) labels for \(x.shape)")
    let pixels =
      isFlat ? x.reshaped([x.shape.batch, 1, 1, x.shape.count / x.shape.batch]) : x
    let words = x.tape.constant(Tensor(oneHot: labels, classes: classes))
    let label = embedding?(words) ?? words
    let plane = Shape(
      batch: pixels.shape.batch, height: pixels.shape.height, width: pixels.shape.width,
      channels: label.shape.channels)
    return body(concatenateChannels([pixels, label.broadcast(to: plane)]))
  }
}
