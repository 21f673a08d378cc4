import Autograd

/// Mean absolute difference of two equal shapes, the L1 loss of cycles and identities.
///
/// - Returns: A scalar.
public func absoluteDistance(_ x: Variable, _ y: Variable) -> Variable {
  (x - y).absolute().mean()
}
