import ConvolutionCore
import Tensors
import TestSupport
import Testing

@testable import CUDABackend

/// Norms and folded gradients are computed in the form in which they are first read; which one that
/// is must not show.
@Suite("What is computed when it is read")
struct PromiseTests {
  /// Pictures for one block, a cluster, two launches for their size, two for their channels.
  private static let shapes: [Shape] = [
    [2, 6, 5, 24], [1, 33, 32, 16], [1, 91, 91, 8], [2, 6, 7, 3],
  ]

  @Test("Norm, mirrored convolution and all gradients are the reference's", arguments: shapes)
  func forms(shape: Shape) throws {
    let expected = Self.block(shape, on: ReferenceBackend())
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      var gpu = try CUDABackend(environment: environment, reusesMemory: false)
      #expect(gpu.hasClusters)
      for hasClusters in [true, false] {
        gpu.hasClusters = hasClusters
        let actual = Self.block(shape, on: gpu)
        #expect(actual == Self.block(shape, on: gpu), "the same bits each time")
        for (name, tensor) in actual {
          let tolerance = Tolerance.relative(3e-5, because: "six sums of floats in another order")
          try requireClose(tensor, try #require(expected[name]), tolerance, name)
        }
      }
    }
  }

  @Test("In bfloat16 as well, but for its rounding", arguments: shapes)
  func bfloat16(shape: Shape) throws {
    let expected = Self.block(shape, on: ReferenceBackend())
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      let gpu = try CUDABackend(
        precision: .bfloat16, environment: environment, reusesMemory: false)
      for (name, tensor) in Self.block(shape, on: gpu) {
        let tolerance = Tolerance.relative(5e-2, because: "six results of 8 bits")
        try requireClose(tensor, try #require(expected[name]), tolerance, name)
      }
    }
  }

  /// A residual block, its results read in all orders.
  private static func block(_ shape: Shape, on backend: any Backend) -> [String: Tensor] {
    func random(_ shape: Shape, _ index: Int) -> Tensor {
      var random = SeededRandom(seed: 11, index: index)
      return Tensor(shape) { random.normal() }
    }
    let spec = ConvolutionSpec(padding: .reflect(2)), channels = shape.channels
    let filter = random([channels, 3, 3, channels], 0)
    let scale = random([channels], 1), shift = random([channels], 2)
    func norm(_ x: Tensor, _ residual: Tensor?) -> (output: Tensor, statistics: NormStatistics) {
      backend.normalize(
        x, epsilon: 1e-5, scale: scale, shift: shift, activation: .leakyReLU(slope: 0.2),
        residual: residual)
    }
    let input = backend.affine(random(shape, 3), scale: 1, shift: 0.5)
    let (first, statistics) = norm(input, nil)
    // Read with its border, then as a residual that has one, then without.
    let wide = backend.convolution(first, filter: filter, bias: nil, spec)
    let (second, _) = norm(input, first)
    let wider = backend.convolution(second, filter: filter, bias: nil, spec)
    var changed = second
    let plain = backend.affine(second, scale: 2, shift: 0)
    backend.accumulate(&changed, adding: input)
    let ofChanged = backend.convolution(changed, filter: filter, bias: nil, spec)
    var own = norm(input, nil).output
    _ = backend.convolution(own, filter: filter, bias: nil, spec)
    backend.accumulate(&own, adding: input)
    let ofOwn = backend.convolution(own, filter: filter, bias: nil, spec)
    // Statistics first, and a norm by what was measured.
    let (third, measured) = norm(input, nil)
    let deviation = backend.affine(measured.inverseDeviation, scale: 1, shift: 0)
    let again = backend.normalize(
      input, using: statistics, scale: scale, shift: shift, activation: .relu)
    let ofAgain = backend.convolution(again, filter: filter, bias: nil, spec)

    // A gradient with a border goes into a norm's, is added, and is read as it is.
    func gradient() -> Tensor {
      backend.convolutionInputGradient(
        random(wide.shape, 4), filter: filter, bias: nil, spec, inputShape: shape)
    }
    let dy = gradient()
    let pulled = backend.normalizeGradient(
      dy, x: input, statistics: statistics, scale: scale, shift: shift, activation: .relu)
    var sum = input
    backend.accumulate(&sum, adding: gradient())
    var total = gradient()
    backend.accumulate(&total, adding: input)
    let biased = backend.convolutionInputGradient(
      random(wide.shape, 4), filter: filter, bias: scale, spec, inputShape: shape)
    return [
      "wide": wide, "wider": wider, "first": first, "second": second, "plain": plain,
      "changed": changed, "of changed": ofChanged, "own": own, "of own": ofOwn, "third": third,
      "deviation": deviation, "mean": measured.mean, "again": again, "of again": ofAgain,
      "gradient": dy, "input": pulled.input, "scale": pulled.scale!, "shift": pulled.shift!,
      "sum": sum, "total": total, "biased": biased,
    ]
  }
}
