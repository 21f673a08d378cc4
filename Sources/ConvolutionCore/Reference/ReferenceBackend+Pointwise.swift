import Glibc
import Tensors

extension ReferenceBackend {
  /// Applies a function to each element.
  public func map(_ function: Pointwise, _ x: Tensor) -> Tensor {
    Tensor(x.shape, rounding: x.doubles.map(function.value))
  }

  /// Multiplies by the function's derivative.
  public func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor {
    precondition(saved.shape == dy.shape, "gradient \(dy.shape) of \(saved.shape)")
    let products = zip(saved.doubles, dy.doubles).map { function.derivative(saved: $0) * $1 }
    return Tensor(dy.shape, rounding: products)
  }

  /// Combines elements, the smaller tensor repeated.
  public func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor {
    let b = b.shape == a.shape ? b : broadcast(b, to: a.shape)
    let pairs = zip(a.doubles, b.doubles)
    return Tensor(
      a.shape,
      rounding: pairs.map { a, b in
        switch combination {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        }
      })
  }

  /// Scales and shifts each element.
  public func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor {
    Tensor(x.shape, rounding: x.doubles.map { Double(scale) * $0 + Double(shift) })
  }

  /// Adds in place.
  public func accumulate(_ x: inout Tensor, adding y: Tensor) {
    precondition(x.shape == y.shape, "\(y.shape) added to \(x.shape)")
    x = combine(.add, x, y)
  }

  /// Lines up each pixel's channels.
  public func concatenateChannels(_ parts: [Tensor]) -> Tensor {
    let shape = Shape(joiningChannels: parts.map(\.shape))
    let pixels = shape.count / shape.channels
    let sources = parts.map { (values: $0.values, channels: $0.shape.channels) }
    let joined = (0..<pixels).flatMap { pixel in
      sources.flatMap { $0.values[pixel * $0.channels..<(pixel + 1) * $0.channels] }
    }
    return Tensor(shape, joined)
  }

  /// Takes some of each pixel's channels.
  public func sliceChannels(_ x: Tensor, _ channels: Range<Int>) -> Tensor {
    let shape = x.shape.slicingChannels(channels)
    let (values, count) = (x.values, x.shape.channels)
    let taken = stride(from: 0, to: values.count, by: count).flatMap { pixel in
      values[pixel + channels.lowerBound..<pixel + channels.upperBound]
    }
    return Tensor(shape, taken)
  }

  /// Moves each picture.
  public func shift(_ x: Tensor, by offsets: [PixelOffset]) -> Tensor {
    let shape = x.shape, values = x.values
    var moved = [Float](repeating: 0, count: values.count)
    for (image, offset) in offsets.enumerated() {
      for y in 0..<shape.height where (0..<shape.height).contains(y - offset.rows) {
        for x in 0..<shape.width where (0..<shape.width).contains(x - offset.columns) {
          let to = (image * shape.height + y) * shape.width + x
          let from = to - offset.rows * shape.width - offset.columns
          for c in 0..<shape.channels {
            moved[to * shape.channels + c] = values[from * shape.channels + c]
          }
        }
      }
    }
    return Tensor(shape, moved)
  }
}

extension Pointwise {
  /// The function in double precision.
  fileprivate func value(_ x: Double) -> Double {
    switch self {
    case .leakyReLU(let slope): x > 0 ? x : Double(slope) * x
    case .step(let slope): x > 0 ? 1 : Double(slope)
    case .tanh: hyperbolicTangent(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .square: x * x
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    }
  }

  /// The derivative at an output or input, as `derivativeUsesOutput` has it.
  fileprivate func derivative(saved: Double) -> Double {
    switch self {
    case .leakyReLU(let slope): saved > 0 ? 1 : Double(slope)
    case .step, .sign: 0
    case .tanh: 1 - saved * saved
    case .sigmoid: saved * (1 - saved)
    case .softplus: 1 / (1 + exp(-saved))
    case .absolute: Pointwise.sign.value(saved)
    case .square: 2 * saved
    case .squareRoot: 0.5 / saved
    case .reciprocal: -saved * saved
    }
  }
}

/// The library's function; inside the enum its name is a case.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
