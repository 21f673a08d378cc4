import CKernels
import Tensors

extension CPUBackend: StripOperations {
  /// See `NormalizationOperations.normalize`.
  public func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics) {
    precondition(residual == nil || residual?.shape == x.shape, "residual for \(x.shape)")
    let statistics = statistics(of: x, epsilon: epsilon)
    let factors = NormFactors(statistics, scale: scale, shift: shift)
    return (apply(factors, to: x, activation: activation, residual: residual), statistics)
  }

  /// See `NormalizationOperations.normalize(_:using:scale:shift:activation:)`.
  public func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor {
    let factors = NormFactors(statistics, scale: scale, shift: shift)
    return apply(factors, to: x, activation: activation, residual: nil)
  }

  private func apply(
    _ factors: NormFactors, to x: Tensor, activation: Activation, residual: Tensor?
  ) -> Tensor {
    let output = Tensor(uninitialized: x.shape)
    withExtendedLifetime((x, residual, output, factors)) {
      forEachChunk(of: x.shape) { chunk in
        var call = chunk.call(x, factors, activation)
        call.residual = residual.map { chunk.pointer($0) }
        call.output = chunk.mutablePointer(output)
        kernels.table.norm_apply(&call)
      }
    }
    return output
  }

  /// See `NormalizationOperations.normalizeGradient`.
  ///
  /// With g = dy · activation′ and x̂ normalized, dx = scale/σ · (g − mean(g) − x̂ · mean(g x̂)).
  public func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?) {
    precondition(dy.shape == x.shape, "a gradient of \(dy.shape) for \(x.shape)")
    let factors = NormFactors(statistics, scale: scale, shift: shift)
    let sums = gradientSums(dy, x: x, factors, activation)
    let gradient = NormFactors.Gradient(
      factors, sums: sums, scale: scale, pixels: x.shape.height * x.shape.width)
    let dx = Tensor(uninitialized: x.shape)
    withExtendedLifetime((x, dy, dx, factors, gradient)) {
      forEachChunk(of: x.shape) { chunk in
        var call = chunk.call(x, factors, activation)
        call.dy = chunk.pointer(dy)
        call.output = chunk.mutablePointer(dx)
        call.factor = chunk.channels(gradient.factor)
        call.offset = chunk.channels(gradient.offset)
        call.tilt = chunk.channels(gradient.tilt)
        kernels.table.norm_gradient(&call)
      }
    }
    guard scale != nil else { return (dx, nil, nil) }
    return (dx, sums.products.summed(over: x.shape.batch), sums.plain.summed(over: x.shape.batch))
  }

  /// See `NormalizationOperations.statistics`.
  public func statistics(of x: Tensor, epsilon: Float) -> NormStatistics {
    let shape = x.shape, picture = shape.height * shape.width * shape.channels
    // Squares about the first pixel: those about zero would cancel where the mean is large.
    let origins = (0..<shape.batch).flatMap { image in
      (0..<shape.channels).map { x[image * picture + $0] }
    }
    let sums = sums(of: x, about: origins)
    return NormStatistics(
      plain: sums.plain, squares: sums.products, about: origins,
      pixels: shape.height * shape.width, batch: shape.batch, epsilon: epsilon)
  }

  /// See `StripOperations.channelSums`.
  public func channelSums(_ x: Tensor, about origin: [Float])
    -> (plain: [Double], squares: [Double])
  {
    let channels = x.shape.channels
    precondition(origin.count == channels, "\(origin.count) origins for \(channels) channels")
    let batch = x.shape.batch
    let sums = sums(of: x, about: (0..<batch).flatMap { _ in origin })
    func overPictures(_ values: [Double]) -> [Double] {
      (0..<channels).map { c in
        stride(from: c, to: values.count, by: channels).reduce(0) { $0 + values[$1] }
      }
    }
    return (overPictures(sums.plain), overPictures(sums.products))
  }

  /// Σ (x − origin) and Σ (x − origin)² per picture and channel; origins likewise.
  private func sums(of x: Tensor, about origins: [Float]) -> ChannelSums {
    let origins = Tensor([x.shape.batch, 1, 1, x.shape.channels], origins)
    return withExtendedLifetime((x, origins)) {
      chunkSums(of: x.shape) { chunk, sums, squares in
        var call = kernels_norm()
        call.x = chunk.pointer(x)
        call.pixels = Int32(chunk.pixels)
        call.channels = Int32(x.shape.channels)
        kernels.table.norm_sums(&call, chunk.channels(origins), sums, squares)
      }
    }
  }

  /// Σ g and Σ g·x̂ per picture and channel.
  private func gradientSums(
    _ dy: Tensor, x: Tensor, _ factors: NormFactors, _ activation: Activation
  ) -> ChannelSums {
    chunkSums(of: x.shape) { chunk, sums, products in
      var call = chunk.call(x, factors, activation)
      call.dy = chunk.pointer(dy)
      call.factor = chunk.channels(factors.inverseDeviation)
      call.offset = chunk.channels(factors.negativeMean)
      kernels.table.norm_gradient_sums(&call, sums, products)
    }
  }

  /// Two sums per picture and channel, added up in double precision in a fixed order.
  private func chunkSums(
    of shape: Shape,
    _ add: (Chunk, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> ChannelSums {
    let channels = shape.channels, perPicture = Chunk.countPerPicture(shape)
    return Workspace.with(shape.batch * perPicture * 2 * channels) { partial in
      forEachChunk(of: shape) { chunk in
        let sums = partial + chunk.index * 2 * channels
        sums.update(repeating: 0, count: 2 * channels)
        add(chunk, sums, sums + channels)
      }
      return total(of: partial, shape.batch, perPicture, channels)
    }
  }

  /// The sums of `[batch][count][plain, products][channels]` over each picture's `count`.
  private func total(
    of partial: UnsafeMutablePointer<Float>, _ batch: Int, _ count: Int, _ channels: Int
  ) -> ChannelSums {
    var result = ChannelSums(batch: batch, channels: channels)
    let perTask = 64, tasks = blocks(of: perTask, covering: channels)
    result.plain.withUnsafeMutableBufferPointer { plain in
      result.products.withUnsafeMutableBufferPointer { products in
        let plain = plain.baseAddress!, products = products.baseAddress!
        pool.forEach(batch * tasks) { task in
          let (image, part) = task.quotientAndRemainder(dividingBy: tasks)
          let columns = part * perTask..<min(channels, (part + 1) * perTask)
          for index in image * count..<(image + 1) * count {
            let from = partial + index * 2 * channels
            for c in columns {
              plain[image * channels + c] += Double(from[c])
              products[image * channels + c] += Double(from[channels + c])
            }
          }
        }
      }
    }
    return result
  }

  private func forEachChunk(of shape: Shape, _ body: (Chunk) -> Void) {
    pool.forEach(shape.batch * Chunk.countPerPicture(shape)) { body(Chunk($0, of: shape)) }
  }
}

/// Two values per picture and channel.
private struct ChannelSums {
  let channels: Int
  var plain: [Double], products: [Double]

  init(batch: Int, channels: Int) {
    self.channels = channels
    plain = [Double](repeating: 0, count: batch * channels)
    products = plain
  }
}

extension [Double] {
  fileprivate func summed(over pictures: Int) -> Tensor {
    let channels = count / pictures
    return Tensor(
      [channels],
      (0..<channels).map { c in
        Float(stride(from: c, to: count, by: channels).reduce(0.0) { $0 + self[$1] })
      })
  }
}

/// A run of pixels of one picture, short enough for the first-level cache and for float sums.
private struct Chunk {
  let index: Int
  let pixels: Int
  private let image: Int, first: Int, shape: Shape

  private static func size(_ shape: Shape) -> Int { max(16, 8192 / shape.channels) }

  static func countPerPicture(_ shape: Shape) -> Int {
    blocks(of: size(shape), covering: shape.height * shape.width)
  }

  init(_ index: Int, of shape: Shape) {
    self.index = index
    self.shape = shape
    let (image, chunk) = index.quotientAndRemainder(dividingBy: Self.countPerPicture(shape))
    self.image = image
    first = chunk * Self.size(shape)
    pixels = min(Self.size(shape), shape.height * shape.width - first)
  }

  private var offset: Int { (image * shape.height * shape.width + first) * shape.channels }

  func mutablePointer(_ tensor: Tensor) -> UnsafeMutablePointer<Float> {
    tensor.storage.pointer + offset
  }

  func pointer(_ tensor: Tensor) -> UnsafePointer<Float> { UnsafePointer(mutablePointer(tensor)) }

  /// This picture's values in `[N, C]`.
  func channels(_ tensor: Tensor) -> UnsafePointer<Float> {
    UnsafePointer(tensor.storage.pointer + image * shape.channels)
  }

  func call(_ x: Tensor, _ factors: NormFactors, _ activation: Activation) -> kernels_norm {
    var call = kernels_norm()
    call.x = pointer(x)
    call.pixels = Int32(pixels)
    call.channels = Int32(shape.channels)
    call.scale = channels(factors.scale)
    call.shift = channels(factors.shift)
    call.slope = activation.negativeSlope
    return call
  }
}

/// The constants of normalization, `[N, C]` each: result = x · scale + shift and
/// x̂ = x · inverseDeviation + negativeMean.
private struct NormFactors {
  let scale: Tensor, shift: Tensor
  let inverseDeviation: Tensor, negativeMean: Tensor

  init(_ statistics: NormStatistics, scale: Tensor?, shift: Tensor?) {
    let shape = statistics.mean.shape
    let count = shape.count, channels = shape.channels
    let means = statistics.mean.values, inverses = statistics.inverseDeviation.values
    let gammas = scale?.values, betas = shift?.values
    let negative = (0..<count).map { -means[$0] * inverses[$0] }
    inverseDeviation = statistics.inverseDeviation
    negativeMean = Tensor(shape, negative)
    self.scale = Tensor(shape, (0..<count).map { inverses[$0] * (gammas?[$0 % channels] ?? 1) })
    self.shift = Tensor(
      shape,
      (0..<count).map {
        negative[$0] * (gammas?[$0 % channels] ?? 1) + (betas?[$0 % channels] ?? 0)
      })
  }

  /// dx = g · factor + offset + x · tilt.
  struct Gradient {
    let factor: Tensor, offset: Tensor, tilt: Tensor

    init(_ norm: NormFactors, sums: ChannelSums, scale: Tensor?, pixels: Int) {
      let shape = norm.scale.shape
      let factors = norm.scale.values
      let inverses = norm.inverseDeviation.values, negative = norm.negativeMean.values
      var offsets = [Float](), tilts = [Float]()
      for i in 0..<shape.count {
        let mean = sums.plain[i] / Double(pixels), meanProduct = sums.products[i] / Double(pixels)
        let factor = Double(factors[i])
        offsets.append(Float(-factor * (mean + Double(negative[i]) * meanProduct)))
        tilts.append(Float(-factor * Double(inverses[i]) * meanProduct))
      }
      factor = norm.scale
      offset = Tensor(shape, offsets)
      tilt = Tensor(shape, tilts)
    }
  }
}
