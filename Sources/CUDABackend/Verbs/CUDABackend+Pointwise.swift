import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `PointwiseOperations.map`.
  public func map(_ function: Pointwise, _ x: Tensor) -> Tensor {
    let source = elements(x)
    let (y, written) = makeTensor(x.shape, source.format)
    let (number, slope) = Self.number(of: function)
    queue.launch(
      .map, .groups(x.count), .elements(source), .elements(written), .count(x.count),
      .signed(number), .float(slope))
    return y
  }

  /// See `PointwiseOperations.mapGradient`.
  public func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor {
    precondition(saved.shape == dy.shape, "gradient \(dy.shape) of \(saved.shape)")
    let (known, gradient) = (elements(saved), elements(dy))
    let (dx, written) = makeTensor(dy.shape, known.format.joined(with: gradient.format))
    let (number, slope) = Self.number(of: function)
    queue.launch(
      .mapGradient, .groups(dy.count), .elements(known), .elements(gradient),
      .elements(written), .count(dy.count), .signed(number), .float(slope))
    return dx
  }

  /// See `PointwiseOperations.combine`.
  public func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor {
    let pattern = Broadcast(b.shape, over: a.shape)
    let (left, right) = (elements(a), elements(b))
    let isWhole = a.shape == b.shape
    let (y, written) = makeTensor(
      a.shape, isWhole ? left.format.joined(with: right.format) : left.format)
    queue.launch(
      .combine, .groups(a.count), .elements(left), .elements(right),
      .elements(written), .count(a.count), .count(pattern.block), .count(pattern.inner),
      .signed(Self.number(of: combination)))
    return y
  }

  /// See `PointwiseOperations.affine`.
  public func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor {
    let source = elements(x)
    let (y, written) = makeTensor(x.shape, source.format)
    queue.launch(
      .affine, .groups(x.count), .elements(source), .elements(written), .count(x.count),
      .float(scale), .float(shift))
    return y
  }

  /// See `PointwiseOperations.accumulate`.
  public func accumulate(_ x: inout Tensor, adding y: Tensor) {
    precondition(x.shape == y.shape, "\(y.shape) added to \(x.shape)")
    let sum = mutableElements(&x)
    let (added, border) = unfolded(y)
    if border > 0 { return fold(added, into: sum, x.shape, border, isAdded: true) }
    add(y, to: sum, of: x.shape)
  }

  /// Adds a tensor, repeated as `Broadcast` has it, to elements in place.
  func add(_ y: Tensor, to x: CUDAElements, of shape: Shape) {
    let pattern = Broadcast(y.shape, over: shape)
    queue.launch(
      .accumulate, .groups(shape.count), .elements(x), .elements(elements(y)),
      .count(shape.count), .count(pattern.block), .count(pattern.inner))
  }

  /// See `PointwiseOperations.concatenateChannels`.
  public func concatenateChannels(_ parts: [Tensor]) -> Tensor {
    let shape = Shape(joiningChannels: parts.map(\.shape))
    let formats = parts.map { elements($0).format }
    let (joined, written) = makeTensor(shape, formats.contains(.bfloat16) ? .bfloat16 : .float32)
    var first = 0
    for part in parts {
      moveChannels(
        part, 0..<part.shape.channels, to: written, channels: shape.channels, first: first)
      first += part.shape.channels
    }
    return joined
  }

  /// See `PointwiseOperations.sliceChannels`.
  public func sliceChannels(_ x: Tensor, _ channels: Range<Int>) -> Tensor {
    let (slice, written) = makeTensor(x.shape.slicingChannels(channels), elements(x).format)
    moveChannels(x, channels, to: written, channels: channels.count, first: 0)
    return slice
  }

  private func moveChannels(
    _ source: Tensor, _ range: Range<Int>, to target: CUDAElements, channels: Int, first: Int
  ) {
    let count = source.shape.pixels * range.count
    queue.launch(
      .channels, .elements(count), .elements(elements(source)), .elements(target), .count(count),
      .count(range.count), .count(source.shape.channels), .count(range.lowerBound),
      .count(channels), .count(first))
  }

  /// See `PointwiseOperations.shift`.
  public func shift(_ x: Tensor, by offsets: [PixelOffset]) -> Tensor {
    precondition(offsets.count == x.shape.batch, "\(offsets.count) offsets for \(x.shape)")
    let numbers = offsets.flatMap { [Int32($0.rows), Int32($0.columns)] }
    let bytes = numbers.count * MemoryLayout<Int32>.stride
    let uploaded = CUDAElements(bytes: bytes, on: queue)
    queue.upload(numbers, bytes: bytes, to: uploaded)
    let source = elements(x)
    let (y, written) = makeTensor(x.shape, source.format)
    queue.launch(
      .shift, .elements(x.count), .elements(source), .elements(written), .notes(uploaded),
      .count(x.count), .signed(x.shape.height), .signed(x.shape.width), .count(x.shape.channels))
    return y
  }

  /// A function's number in `Kernels/pointwise.cu`, and its slope.
  private static func number(of function: Pointwise) -> (Int, slope: Float) {
    switch function {
    case .leakyReLU(let slope): (0, slope)
    case .step(let slope): (1, slope)
    case .tanh: (2, 0)
    case .sigmoid: (3, 0)
    case .softplus: (4, 0)
    case .absolute: (5, 0)
    case .sign: (6, 0)
    case .square: (7, 0)
    case .squareRoot: (8, 0)
    case .reciprocal: (9, 0)
    }
  }

  /// A combination's number in `Kernels/pointwise.cu`.
  private static func number(of combination: Combination) -> Int {
    switch combination {
    case .add: 0
    case .subtract: 1
    case .multiply: 2
    }
  }
}

extension Broadcast {
  /// Elements of the large tensor that lie beside one block of the small one.
  var block: Int { repeated * inner }
}
