import CFuzzer
import Foundation

/// libFuzzer, as far as it is used here.
public enum Fuzzer {
  /// Calls a function with one input after the other, as the command line says; ends the process.
  public static func run(
    _ body: @escaping @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> Never {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &arguments, body))
  }
}
