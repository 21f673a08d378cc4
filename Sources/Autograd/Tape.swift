import ConvolutionCore
import Tensors

/// Remembers how variables were made from one another, so that gradients can be traced back.
///
/// A tape belongs to one pass over a network and to one thread. What it remembers hangs on the
/// variables themselves: when they go, it goes.
public final class Tape {
  /// The device that computes.
  public let backend: any Backend
  /// Whether layers behave as in training: dropout drops, batch norm measures its batch.
  public let isTraining: Bool
  /// Whether operations are remembered.
  public internal(set) var isRecording: Bool
  /// Where random layers take their numbers from, in the order of their use.
  public var random: SeededRandom

  /// What instance norms measured of earlier frames.
  let normMemory: NormMemory?

  /// Values of so many elements are made again for a gradient, where that is cheap, instead of being
  /// kept.
  package var remadeFrom: Int

  private var operations = 0
  private var leaves: [ObjectIdentifier: Leaf] = [:]

  /// A variable that stands for an object, such as a layer's parameter.
  private struct Leaf {
    let owner: AnyObject
    let node: Node
  }

  /// Creates a tape for training.
  ///
  /// - Parameters:
  ///   - random: For dropout.
  ///   - recording: Whether gradients will be asked for.
  public init(training backend: any Backend, random: SeededRandom, recording: Bool = true) {
    self.backend = backend
    remadeFrom = backend.remadeFrom
    self.random = random
    normMemory = nil
    isTraining = true
    isRecording = recording
  }

  /// Creates a tape for use of a trained network: nothing is random, nothing is recorded.
  ///
  /// - Parameters:
  ///   - backend: The device that computes.
  ///   - memory: What instance norms measured of earlier frames of a film; nil for pictures that
  ///     have nothing to do with one another.
  public init(inference backend: any Backend, remembering memory: NormMemory? = nil) {
    self.backend = backend
    remadeFrom = backend.remadeFrom
    normMemory = memory
    random = SeededRandom(seed: 0)
    isTraining = false
    isRecording = false
  }

  /// Puts a value on the tape that gradients may be asked for.
  public func variable(_ value: Tensor) -> Variable {
    Variable(value, node: isRecording ? makeNode() : nil, tape: self)
  }

  /// Puts a value on the tape that has no gradient.
  public func constant(_ value: Tensor) -> Variable { Variable(value, node: nil, tape: self) }

  /// Puts an object's value on the tape; the same variable however often it is asked for, so
  /// that the gradients of all its uses add up.
  ///
  /// - Parameters:
  ///   - owner: The object that the value belongs to; kept as long as the tape.
  ///   - value: Its value, which must not change while the tape is used.
  public func variable(of owner: AnyObject, _ value: Tensor) -> Variable {
    guard isRecording else { return constant(value) }
    if let leaf = leaves[ObjectIdentifier(owner)] {
      return Variable(value, node: leaf.node, tape: self)
    }
    let leaf = Leaf(owner: owner, node: makeNode())
    leaves[ObjectIdentifier(owner)] = leaf
    return Variable(value, node: leaf.node, tape: self)
  }

  /// The place of an object's value; nil where it was never put on the tape.
  func leafNode(of owner: AnyObject) -> Node? { leaves[ObjectIdentifier(owner)]?.node }

  private func makeNode() -> Node {
    operations += 1
    return Node(order: operations)
  }

  /// Remembers an operation, if recording is on and one of its inputs may have a gradient.
  ///
  /// - Parameters:
  ///   - value: What the operation made.
  ///   - inputs: What it was made from.
  ///   - keepingOutput: Whether the pullback reads `Pullback.y`.
  ///   - pullback: The gradients of the inputs, in their order; nil for those not wanted.
  func record(
    _ value: Tensor, from inputs: [Variable], keepingOutput: Bool = false,
    pullback: @escaping (Pullback) -> [Variable?]
  ) -> Variable {
    for input in inputs { precondition(input.tape === self, "variables of two tapes in one term") }
    guard isRecording, inputs.contains(where: { $0.node != nil }) else { return constant(value) }
    let node = makeNode()
    node.operation = Node.Operation(
      inputs: inputs.map(\.node), output: keepingOutput ? value : nil, pullback: pullback)
    return Variable(value, node: node, tape: self)
  }

  /// Remembers an operation whose inputs' gradients share no work.
  func record(_ value: Tensor, _ inputs: (Variable, gradient: (Variable) -> Variable)...)
    -> Variable
  {
    let gradients = inputs.map(\.gradient)
    return record(value, from: inputs.map(\.0)) { pull in
      gradients.enumerated().map { index, gradient in
        pull.wants(index) ? gradient(pull.dy) : nil
      }
    }
  }
}
