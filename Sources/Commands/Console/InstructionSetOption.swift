import ArgumentParser
import CycleGANKit

/// `--instruction-set`, for those who compare.
struct InstructionSetOption: ParsableArguments {
  @Option(name: .customLong("instruction-set"), help: "The kernels' instruction set.")
  var value = CPUBackend.InstructionSet.best

  func validate() throws {
    guard value.isAvailable else {
      throw ValidationError("This processor has no \(value.rawValue).")
    }
  }
}

extension CPUBackend.InstructionSet: ExpressibleByArgument {}
