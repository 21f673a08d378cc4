import Tensors

/// A place on the tape: a leaf, or an operation with all that its gradient needs.
final class Node {
  /// Later operations have larger numbers.
  let order: Int
  /// Nil for a leaf, and for an operation that has been released.
  var operation: Operation?
  /// Whether a walk has used and dropped the operation.
  private(set) var isReleased = false

  init(order: Int) { self.order = order }

  struct Operation {
    let inputs: [Node?]
    let output: Tensor?
    let pullback: (Pullback) -> [Variable?]
  }

  /// Drops the operation and with it the tensors that it kept.
  func release() {
    isReleased = operation != nil
    operation = nil
  }
}

/// What an operation is told when gradients are traced back through it.
struct Pullback {
  /// The gradient of the operation's output.
  let dy: Variable
  private let output: Variable?
  private let wanted: [Bool]

  init(dy: Variable, output: Variable?, wanted: [Bool]) {
    self.dy = dy
    self.output = output
    self.wanted = wanted
  }

  /// The operation's output; only for operations recorded with `keepingOutput`.
  var y: Variable {
    guard let output else { preconditionFailure("the output of this operation was not kept") }
    return output
  }

  /// Whether the gradient of an input is needed.
  func wants(_ input: Int) -> Bool { wanted[input] }
}
