import Autograd
import ConvolutionCore
import Tensors

/// A layer or a whole network: something with parameters that makes pictures of pictures.
public protocol Module: AnyObject {
  /// All parameters, in the reference's order, with paths as seen from this module.
  var parameters: [NamedParameter] { get }

  /// Computes the output for `[N, H, W, C]` on the input's tape.
  func callAsFunction(_ x: Variable) -> Variable
}

extension Module {
  /// Applies a trained network, recording nothing.
  ///
  /// - Parameter memory: What instance norms measured of earlier frames of a film, if `x` is the
  ///   next one.
  public func callAsFunction(
    _ x: Tensor, on backend: any Backend, remembering memory: NormMemory? = nil
  ) -> Tensor {
    let tape = Tape(inference: backend, remembering: memory)
    return self(tape.constant(x)).value
  }

  /// The number of numbers, as the field counts them: inert biases too, running statistics not.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.parameter.role.isMeasured ? 0 : $1.parameter.shape.count) }
  }

  /// The Euclidean norm of all gradients that have been added up since the last step.
  public func gradientNorm(on backend: any Backend) -> Float {
    let squares = parameters.compactMap(\.parameter.gradient).map {
      backend.sum(backend.map(.square, $0), to: []).scalar
    }
    return squares.reduce(0, +).squareRoot()
  }

  /// Draws the first values of a training: weights N(0, gain), biases 0.
  ///
  /// Each parameter's numbers depend on the seed and its own name alone.
  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - name: What the network is called beside others: `generatorAB`.
  ///   - gain: Standard deviation of the weights; nil for one that fits each layer's inputs.
  public func initialize(seed: UInt64, name: String, gain: Float? = 0.02) {
    for named in parameters {
      var random = SeededRandom(
        seed: seed, purpose: RandomPurpose("weights \(name).\(named.path)"))
      named.parameter.initialize(using: &random, gain: gain)
    }
  }

  /// The values by path.
  public var values: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.parameter.value) })
  }

  /// Takes over values, all or none.
  ///
  /// - Throws: `ParameterMismatch` where a value is missing, too many or has another shape.
  public func load(_ values: [String: Tensor]) throws(ParameterMismatch) {
    let parameters = parameters
    for named in parameters {
      guard let value = values[named.path] else { throw .missing(path: named.path) }
      guard value.shape == named.parameter.shape else {
        throw .shape(path: named.path, found: value.shape, expected: named.parameter.shape)
      }
    }
    if values.count > parameters.count {
      let known = Set(parameters.map(\.path))
      let unknown = values.keys.filter { !known.contains($0) }.sorted()
      throw .unknown(path: unknown[0])
    }
    for named in parameters { named.parameter.value = values[named.path]! }
  }
}

/// Why values do not fit a network.
public enum ParameterMismatch: Error, Equatable, CustomStringConvertible {
  /// A parameter has no value.
  case missing(path: String)
  /// A value belongs to no parameter.
  case unknown(path: String)
  /// A value has another shape.
  case shape(path: String, found: Shape, expected: Shape)

  /// What does not fit, and what to look at.
  public var description: String {
    switch self {
    case .missing(let path): "The weights lack '\(path)'. \(Self.remedy)"
    case .unknown(let path): "The weights hold '\(path)', which the network lacks. \(Self.remedy)"
    case .shape(let path, let found, let expected):
      "'\(path)' has the shape \(found) where the network expects \(expected). \(Self.remedy)"
    }
  }

  private static let remedy =
    "They are of another architecture: compare kind, blocks, filters, channels and norm."
}
