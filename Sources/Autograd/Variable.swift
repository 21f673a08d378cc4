import Tensors

/// A tensor with its place on a tape.
public struct Variable {
  /// The elements.
  public internal(set) var value: Tensor
  /// The tape that it is on.
  public let tape: Tape

  /// Nil for constants.
  let node: Node?
  /// A cheap way to the same value from tensors that the tape keeps anyway; nil for none.
  var remake: (() -> Tensor)?

  init(_ value: Tensor, node: Node?, tape: Tape) {
    self.value = value
    self.node = node
    self.tape = tape
  }

  /// The extents, outermost first.
  public var shape: Shape { value.shape }

  /// The same value as a constant: no gradient passes through it.
  public var detached: Variable { tape.constant(value) }
}

/// A variable as an operation keeps it for its gradient: with its value, or with the way to it.
struct KeptVariable {
  private let value: Tensor?
  private let remake: (() -> Tensor)?
  private let node: Node?
  let shape: Shape

  init(_ variable: Variable) {
    let isRemade = variable.shape.count >= variable.tape.remadeFrom
    remake = isRemade ? variable.remake : nil
    value = remake == nil ? variable.value : nil
    node = variable.node
    shape = variable.shape
  }

  /// The variable, on the tape that its gradient is computed on.
  func variable(on tape: Tape) -> Variable {
    guard let value = value ?? remake?() else { preconditionFailure("kept without a value") }
    return Variable(value, node: node, tape: tape)
  }
}
