import Tensors

/// A tensor with its place on a tape.
public struct Variable {
  /// The elements.
  public internal(set) var value: Tensor
  /// The tape that it is on.
  public let tape: Tape

  /// Nil for constants.
  let node: Node?

  init(_ value: Tensor, node: Node?, tape: Tape) {
    self.value = value
    self.node = node
    self.tape = tape
  }

  /// The extents, outermost first.
  public var shape: Shape { value.shape }

  /// Whether a walk over the tape has passed the operation that made this and forgotten it.
  package var isForgotten: Bool { node?.isReleased ?? false }

  /// The same value as a constant: no gradient passes through it.
  public var detached: Variable { tape.constant(value) }
}
