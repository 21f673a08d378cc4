import Tensors

/// Tensors of a file, by names that begin with what they belong to.
extension [String: Tensor] {
  /// Those whose names begin with a prefix, which is left out.
  package func inside(_ prefix: String) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, tensor) in self where name.hasPrefix(prefix) {
      result[String(name.dropFirst(prefix.count))] = tensor
    }
    return result
  }

  /// Numbers in all of them.
  package var numberCount: Int { values.reduce(0) { $0 + $1.count } }

  /// Whether they may be the weights of a network, as far as that shows before memory is asked for it.
  ///
  /// Up to twice as many are no harm, and what is missing is found and named later.
  ///
  /// - Parameter count: Weights that the network has at least.
  package func mayFill(atLeast count: Double) -> Bool {
    count <= Double(Swift.max(2 * numberCount, 1 << 25))
  }
}
