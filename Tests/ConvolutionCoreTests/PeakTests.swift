import CKernels
import Testing

@testable import ConvolutionCore

@Suite("The processor's peak")
struct PeakTests {
  @Test(
    "is measured by multiply-adds of every value",
    arguments: CPUBackend.InstructionSet.allCases.filter(\.isAvailable))
  func multiplyAdd(instructionSet: CPUBackend.InstructionSet) {
    let table = CPUBackend(threads: 1, instructionSet: instructionSet).kernels.table
    var values = (0..<Int(KERNELS_CHAINED)).map(Float.init)
    table.multiply_add(&values, 2, -3, 3)
    // Whole numbers: no rounding. x → 2x − 3, three times.
    #expect(values == (0..<Int(KERNELS_CHAINED)).map { Float(8 * $0 - 21) })
  }

  @Test("counts two operations for each multiply-add of each thread")
  func operations() {
    let perThread = Double(2 * 5 * KERNELS_CHAINED)
    #expect(CPUBackend(threads: 1).multiplyAdd(rounds: 5) == perThread)
    #expect(CPUBackend(threads: 3).multiplyAdd(rounds: 5) == 3 * perThread)
  }
}
