import CUDABackend
import ConvolutionCore
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Works of several threads that are repeated as graphs")
struct GraphThreadTests {
  /// 2 · x + 1, and something else on the way.
  private static func made(
    _ work: RepeatableWork, _ x: Float, on backend: CUDABackend, also: () -> Void = {}
  ) -> Tensor? {
    backend.repeated(work, inputs: [Tensor([1], [x])], reading: []) { backend, inputs in
      also()
      return [backend.affine(inputs[0], scale: 2, shift: 1)]
    }[0]
  }

  /// Waits for a thread of its own.
  private static func onAnotherThread(_ work: @escaping @Sendable () -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      work()
      isDone.signal()
    }
    isDone.wait()
  }

  @Test("While one thread's work is captured, another's waits for its turn to be, and is done")
  func captures() throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true), gpu = device.backend
      let first = RepeatableWork("The first"), second = RepeatableWork("The second")
      for work in [first, second] { #expect(Self.made(work, 1, on: gpu)?.values == [3]) }
      let made = Self.made(first, 2, on: gpu) {
        Self.onAnotherThread {
          for number in 1...3 {
            let made = Self.made(second, Float(number), on: gpu)
            #expect(made?.values == [2 * Float(number) + 1])
          }
        }
      }
      #expect(made?.values == [5] && gpu.graphLaunches == 1)
      // It has not forgotten its rehearsal, nor has the driver refused a second capture.
      #expect(Self.made(second, 5, on: gpu)?.values == [11])
      #expect(gpu.graphLaunches == 2 && device.notes.all.isEmpty)
    }
  }
  @Test("What another thread convolves meanwhile reads nothing that only the graph will make")
  func derivesApart() throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true, reusesMemory: true)
      let gpu = device.backend
      let x = Tensor([1, 1, 1, 1], [3]), spec = ConvolutionSpec()
      let work = RepeatableWork("The work")
      for number in 1...3 {
        let filter = Tensor([1, 1, 1, 1], [Float(number)])
        let made = gpu.repeated(work, inputs: [x], reading: [filter]) { backend, inputs in
          let y = backend.convolution(inputs[0], filter: filter, bias: nil, spec)
          Self.onAnotherThread {
            let y = gpu.convolution(x, filter: filter, bias: nil, spec)
            #expect(y.values == [3 * Float(number)])
          }
          return [y]
        }
        #expect(made[0]?.values == [3 * Float(number)])
      }
      #expect(gpu.graphLaunches == 2 && device.notes.all.isEmpty)
    }
  }
}
