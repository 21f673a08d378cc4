import Foundation
import TestSupport
import Testing

private let mpirun = InstalledProgram("mpirun")

@Suite("cyclegan translate by several processes")
struct ShardTests {
  private static let pictures = 16

  /// Pictures, a model, and their translations by one process in `whole`.
  private func prepare(_ place: Workplace) throws {
    try place.writeModel("m.safetensors")
    for index in 0..<Self.pictures {
      try place.writePicture("in/\(index % 3)/\(index).png", seed: UInt64(index))
    }
    #expect(try place.run(arguments(to: "whole")).status == 0)
  }

  private func arguments(to output: String) -> [String] {
    ["translate", "in", output, "--model", "m.safetensors", "--threads", "1", "-q"]
  }

  /// Holds the outputs, and the records put together, against those of one process.
  private func check(_ place: Workplace) throws {
    func outputs(_ folder: String) throws -> [String] {
      try place.files(folder).filter { $0.hasSuffix(".png") }
    }
    #expect(try outputs("parts") == outputs("whole"))
    for name in try outputs("whole") {
      #expect(try place.bytes("parts/" + name) == place.bytes("whole/" + name), "\(name)")
    }
    let manifests = (0..<4).map { "parts/manifest-\($0)-of-4.jsonl" }
    let lines = try manifests.flatMap { try place.bytes($0).split(separator: 10) }
    let inputs = try lines.compactMap { line in
      (try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])?["input"] as? String
    }
    #expect(inputs.count == Self.pictures && Set(inputs).count == Self.pictures)
  }

  @Test(
    "that a scheduler tells their parts makes what one process makes",
    arguments: [("SLURM_PROCID", "SLURM_NTASKS"), ("JOB_COMPLETION_INDEX", "")])
  func schedulers(index: String, count: String) throws {
    try Workplace.with { place in
      try prepare(place)
      for part in [2, 0, 3, 1] {
        var environment = [index: "\(part)"]
        if !count.isEmpty { environment[count] = "4" }
        let outcome = try Program.run(
          arguments(to: "parts") + (count.isEmpty ? ["--shard-count", "4"] : []), in: place.path,
          environment: environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      try check(place)
    }
  }

  @Test("are refused where a scheduler tells a part that there is not, and a picture is in one")
  func contradictions() throws {
    try Workplace.with { place in
      try prepare(place)
      let name = try #require(place.files("in").first)
      for environment in [[:], ["JOB_COMPLETION_INDEX": "4"]] {
        let outcome = try Program.run(
          arguments(to: "parts") + ["--shard-count", "4"], in: place.path,
          environment: environment)
        #expect(outcome.status == 64 && outcome.errors.contains("--shard-count 4"))
      }
      var single = arguments(to: "part.png")
      single[single.firstIndex(of: "in")!] = "in/\(name)"
      var written = 0
      for part in 0..<4 {
        #expect(try place.run(single + ["--shard", "\(part)/4"]).status == 0)
        if (try? FileManager.default.removeItem(atPath: "\(place.path)/part.png")) != nil {
          written += 1
        }
      }
      #expect(written == 1)
    }
  }

  @Test(
    "that mpirun starts makes what one process makes",
    .enabled(if: mpirun != nil, "mpirun is not installed"))
  func openMPI() throws {
    try Workplace.with { place in
      try prepare(place)
      let outcome = try mpirun?.run(
        ["-n", "4", Program.path.path] + arguments(to: "parts"), in: place.path,
        environment: [
          "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
          "OMPI_MCA_rmaps_base_oversubscribe": "1",
        ])
      #expect(outcome?.status == 0)
      try check(place)
    }
  }
}
