import CUDABackend
import Checkpoints
import ConvolutionCore
import Foundation
import GANs
import Layers
import Tensors
import TestSupport
import Testing

/// What a step puts into the queue; the stand-in hands over names and computes nothing.
@Suite("Launches of a training step")
struct LaunchTests {
  @Test("A step of nine blocks at 256×256 launches no more than Docs/GPU.md says")
  func step() throws {
    var counts = try Self.trace(size: 256, blocks: 9, graphs: false).counts
    let convolutions = ["convolution", "input gradient", "filter gradient"]
      .map { counts.removeValue(forKey: $0) ?? 0 }
    #expect(convolutions.reduce(0, +) == 334)
    // One launch for each norm and way but at the two sizes above 64×64, none for their borders.
    #expect(counts["norm_cluster"] == 88 && counts["norm_gradient_cluster"] == 88)
    #expect(counts["borders_mirror"] == nil && counts["adam_step"] == 2)
    #expect(counts.values.reduce(0, +) <= 674, "\(counts)")
  }

  @Test("Graphs have the same launches in them, but that each branch rearranges its own filters")
  func graphs() throws {
    var (eager, eagerBytes) = try Self.trace(size: 128, blocks: 2, graphs: false)
    var (captured, capturedBytes) = try Self.trace(size: 128, blocks: 2, graphs: true)
    // Two branches at once, and hardly anything besides.
    #expect(capturedBytes < eagerBytes * 17 / 10, "\(capturedBytes) and \(eagerBytes)")
    // Once more both generators', eight and two unrolled ones each, in the other branch, and both
    // discriminators', five each, in the other half.
    let filters = captured["moves_filter", default: 0] - eager["moves_filter", default: 0]
    let unrolled = captured["unroll_filter", default: 0] - eager["unroll_filter", default: 0]
    #expect(filters == 2 * 8 + 2 * 5 && unrolled == 2 * 2)
    for name in ["moves_filter", "unroll_filter"] { (eager[name], captured[name]) = (nil, nil) }
    #expect(captured == eager)
  }

  /// What the second step of a training launches, of each name, and in how much memory; by graphs, it
  /// captures both halves.
  private static func trace(size: Int, blocks: Int, graphs: Bool) throws -> (
    counts: [String: Int], peakBytes: Int
  ) {
    // The reference's networks but for their width.
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: blocks, filters: 16),
      discriminator: DiscriminatorDescription(filters: 16))
    networks.initialize(seed: 1)
    return try withTemporaryFolder { folder in
      var environment = try StandInLibraries(in: folder).environment
      if !graphs { environment["CYCLEGAN_CUDA_GRAPHS"] = "off" }
      let gpu = try CUDABackend(precision: .bfloat16, environment: environment)
      let step = CycleGANStep(networks, CycleGANOptions(), on: gpu)
      let picture = Tensor(zeros: [1, size, size, 3])
      let counts = try Trace.run(libraryIn: folder) { trace in
        for number in 0..<2 {
          trace.counts = [:]
          gpu.forgetPeakMemory()
          _ = step(
            realA: picture, realB: picture,
            chances: CycleGANChances(seed: 1, step: number, batch: 1, poolSize: 50))
        }
        #expect(gpu.graphLaunches == (graphs ? 2 : 0))
      }
      return (counts, gpu.peakMemoryBytes)
    }
  }
}

/// Counts launches by name.
private final class Trace {
  var counts: [String: Int] = [:]

  private typealias Note = @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer) -> Void
  private typealias Start = @convention(c) (Note?, UnsafeMutableRawPointer?) -> Void

  /// Traces what `body` launches on this thread.
  static func run(libraryIn folder: String, _ body: (Trace) -> Void) throws -> [String: Int] {
    let library = try #require(dlopen("\(folder)/libcuda.so.1", RTLD_NOW))
    let start = unsafeBitCast(try #require(dlsym(library, "stand_in_trace")), to: Start.self)
    let trace = Trace()
    start(
      { name, context in
        let trace = Unmanaged<Trace>.fromOpaque(context).takeUnretainedValue()
        trace.counts[String(cString: name), default: 0] += 1
      }, Unmanaged.passUnretained(trace).toOpaque())
    defer { start(nil, nil) }
    body(trace)
    return trace.counts
  }
}
