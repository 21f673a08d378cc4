import ArgumentParser
import CycleGANKit

/// `cyclegan device`: what there is to compute on, and whether it computes rightly.
struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Say what there is to compute on; check that it computes rightly.",
    usage: "cyclegan device [<options>]",
    discussion: """
      Without --device, says why there is no NVIDIA GPU to compute on, if there is
      none. --check computes every operation on small numbers and compares it with
      the same in double precision; the exit status is 1 if one is wrong.

      EXAMPLES:
        cyclegan device
        cyclegan device --check
        cyclegan device --device cuda:1 --check --precision tf32 --json
      """)

  @OptionGroup var threads: ThreadsOption
  @OptionGroup var device: DeviceOption

  @Flag(help: "Compute every operation and compare.")
  var check = false

  @Flag(help: "Write a line of JSON: of the device, or of each operation.")
  var json = false

  func run() throws {
    let chosen = try device.choose(otherwise: .auto) { CPUBackend(threads: threads.count) }
    let details = (chosen.backend as? CUDABackend)?.details ?? []
    if json {
      if !check { try Console.writeJSON(Found(device: chosen.words, details: details)) }
    } else {
      for line in [chosen.words] + details.map({ "  \($0)" }) { try Console.write(line) }
    }
    if check, try checkVerbs(on: chosen.backend) > 0 { throw ExitCode.failure }
  }

  /// What there is to compute on.
  private struct Found: Encodable {
    let device: String
    let details: [String]
  }

  /// What is wrong with one operation.
  private struct Finding: Encodable {
    let operation: String
    let deviation: String
    let allowed: Float
    let isRight: Bool
  }

  /// Computes every operation; returns how many are wrong.
  private func checkVerbs(on backend: any Backend) throws -> Int {
    let rounding = (backend as? CUDABackend)?.precision.roundingOfConvolutions ?? 0
    var table = Table(["operation", "deviation", "allowed", ""])
    var wrong = 0
    for verb in VerbCase.all {
      let deviation = verb.deviation(of: backend, from: ReferenceBackend())
      let allowed = max(verb.tolerance, verb.isConvolution ? rounding : 0)
      // A NaN or an infinity is no number in JSON.
      let finding = Finding(
        operation: verb.name, deviation: "\(deviation)", allowed: allowed,
        isRight: deviation <= allowed)
      if !finding.isRight { wrong += 1 }
      if json { try Console.writeJSON(finding) }
      table.add([
        verb.name, finding.deviation, "\(allowed)", finding.isRight ? "right" : "WRONG",
      ])
    }
    if !json { for line in table.lines { try Console.write(line) } }
    return wrong
  }
}
