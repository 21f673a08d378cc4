import CUDABackend
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@Suite("The verbs on a stand-in for an NVIDIA GPU")
struct VerbTests {
  @Test("Every verb computes what the reference does", arguments: VerbCase.all.map(\.name))
  func verbs(name: String) throws {
    let verb = try #require(VerbCase.all.first { $0.name == name })
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      for reusesMemory in [false, true] {
        let gpu = try CUDABackend(environment: environment, reusesMemory: reusesMemory)
        let deviation = verb.deviation(of: gpu, from: ReferenceBackend())
        #expect(deviation <= verb.tolerance, "\(name): \(deviation)")
      }
    }
  }

  @Test(
    "Tensor cores round convolutions, and nothing else of what comes as floats",
    arguments: zip([CUDAPrecision.tf32, .bfloat16], [2e-3, 1.6e-2] as [Float]))
  func tensorCores(precision: CUDAPrecision, rounding: Float) throws {
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      let gpu = try CUDABackend(
        precision: precision, environment: environment, reusesMemory: false)
      for verb in VerbCase.all {
        let deviation = verb.deviation(of: gpu, from: ReferenceBackend())
        if verb.isConvolution {
          #expect(deviation > 1e-5 && deviation < rounding, "\(verb.name): \(deviation)")
        } else {
          #expect(deviation <= verb.tolerance, "\(verb.name): \(deviation)")
        }
      }
    }
  }

  /// Activations of 16 channels come in groups, of 3 one by one; the last group of 75 is not full.
  @Test(
    "Every verb reads and writes bfloat16", arguments: [[2, 5, 6, 16], [1, 5, 5, 3]] as [Shape])
  func bfloat16(shape: Shape) throws {
    try withTemporaryFolder { folder in
      let gpu = try CUDABackend(
        precision: .bfloat16, environment: StandInLibraries(in: folder).environment,
        reusesMemory: false)
      let x = rounded(shape, seed: 1), dy = rounded(shape, seed: 2)
      let expected = results(x, dy, on: ReferenceBackend())
      let actual = results(gpu.shortened(x), gpu.shortened(dy), on: gpu)
      #expect(expected.count == actual.count)
      for (name, tensor) in actual {
        let tolerance = Tolerance.relative(4e-3, because: "a bfloat16 has 8 bits, twice rounded")
        try requireClose(tensor, try #require(expected[name]), tolerance, name)
      }
    }
  }

  /// Random numbers that a bfloat16 can hold.
  private func rounded(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor(shape) { (random.normal() * 16).rounded() / 16 }
  }

  private func results(_ x: Tensor, _ dy: Tensor, on backend: any Backend) -> [String: Tensor] {
    let activation = Activation.leakyReLU(slope: 0.25)
    let (y, statistics) = backend.normalize(
      x, epsilon: 1e-5, scale: nil, shift: nil, activation: activation, residual: dy)
    var sum = x
    backend.accumulate(&sum, adding: dy)
    let batch = x.shape.batch
    let filter = rounded([x.shape.channels, 3, 3, 8], seed: 3)
    let spec = ConvolutionSpec(padding: .reflect(1))
    return [
      "normalize": y, "mean": statistics.mean,
      "normalizeGradient": backend.normalizeGradient(
        dy, x: x, statistics: statistics, scale: nil, shift: nil, activation: activation
      ).input,
      "map": backend.map(.tanh, x), "mapGradient": backend.mapGradient(.tanh, saved: x, dy),
      "combine": backend.combine(.multiply, x, dy), "accumulate": sum,
      "affine": backend.affine(x, scale: 3, shift: 1),
      "concatenate": backend.concatenateChannels([x, dy]),
      "slice": backend.sliceChannels(x, 1..<3),
      "shift": backend.shift(x, by: Array(repeating: .init(rows: 1, columns: -1), count: batch)),
      "sum": backend.sum(x, to: [x.shape.channels]), "whole sum": backend.sum(x, to: []),
      "broadcast": backend.broadcast(x, to: Shape([3] + x.shape.dimensions)),
      "convolution": backend.convolution(x, filter: filter, bias: nil, spec),
    ]
  }
}

extension CUDABackend {
  /// The same numbers as bfloat16, which is what convolutions write.
  fileprivate func shortened(_ x: Tensor) -> Tensor {
    let channels = x.shape.channels
    let identity = Tensor(
      [channels, 1, 1, channels],
      (0..<channels * channels).map {
        $0 % (channels + 1) == 0 ? 1 : 0
      })
    return convolution(x, filter: identity, bias: nil, ConvolutionSpec())
  }
}
