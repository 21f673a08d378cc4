import Checkpoints
import Layers
import Tensors

/// Tensors of a checkpoint, by names that begin with what they belong to.
extension [String: Tensor] {
  /// Adds tensors whose names are put behind a prefix.
  mutating func put(_ tensors: [String: Tensor], inside prefix: String) {
    for (name, tensor) in tensors { self[prefix + name] = tensor }
  }

  /// The first, by name, that holds something infinite or not a number.
  var firstNonFinite: String? { filter { !$0.value.isFinite }.keys.min() }
}

extension Optimizer {
  /// The moments by their kind and the parameters' paths: `first.generatorAB.model.1.weight`.
  var momentsByPath: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (kind, moments) in state.moments { tensors.put(moments, inside: kind + ".") }
    return tensors
  }

  /// Takes over moments from a checkpoint.
  ///
  /// - Throws: `ParameterMismatch` unless they are those of the same parameters.
  func restore(_ tensors: [String: Tensor], steps: Int) throws(ParameterMismatch) {
    var restored = OptimizerState(steps: steps, moments: [:])
    for (kind, moments) in state.moments {
      let found = tensors.inside(kind + ".")
      var known: [String: Tensor] = [:]
      for (path, tensor) in moments {
        guard let moment = found[path] else { throw .missing(path: path) }
        guard moment.shape == tensor.shape else {
          throw .shape(path: path, found: moment.shape, expected: tensor.shape)
        }
        known[path] = moment
      }
      restored.moments[kind] = known
    }
    state = restored
  }
}
