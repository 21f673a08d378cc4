import Foundation
import TestSupport
import Testing

/// The program with the stand-in for NVIDIA's libraries.
@Suite("cyclegan on a GPU")
struct DeviceCommandTests {
  private static let step = [
    "benchmark", "--case", "training-step", "--size", "24", "--filters", "2", "--blocks", "0",
    "--device", "auto",
  ]

  private static func run(
    _ arguments: [String], with variables: [String: String] = [:]
  ) throws -> Program.Outcome {
    try withTemporaryFolder { folder in
      let libraries = try StandInLibraries(in: folder)
      return try Program.run(
        arguments, in: folder, environment: libraries.environment.merging(variables) { $1 })
    }
  }

  @Test("is taken where there is one")
  func auto() throws {
    let outcome = try Self.run(["device"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("stand-in GPU (cuda:0), float32\n"))
    #expect(outcome.output.contains("libcudnn.so.9"))
  }

  private static let taskset = InstalledProgram("taskset")

  @Test(
    "is no reason to take cores that a scheduler keeps for others",
    .enabled(if: taskset != nil, "taskset is not installed"))
  func allowedCores() throws {
    let taskset = try #require(Self.taskset)
    let report = try taskset.run(
      ["-c", "0", Program.path.path, "device", "--device", "cpu"], in: "/")
    #expect(report.status == 0 && report.output.contains(", 1 thread\n"), "\(report.output)")
  }

  @Test("is checked operation by operation", arguments: ["float32", "tf32", "bfloat16"])
  func check(precision: String) throws {
    let outcome = try Self.run(["device", "--check", "--precision", precision, "--json"])
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count > 60 && lines.allSatisfy { $0.contains(#""is_right":true"#) })
  }

  @Test("takes the next engine where the first does not run, in graphs as well")
  func weak() throws {
    let weak = ["STAND_IN_GPU": "weak"]
    let outcome = try Self.run(["device", "--check", "--precision", "tf32", "--json"], with: weak)
    #expect(outcome.status == 0, "\(outcome.output)")
    let training = try Self.run(
      Self.step + ["--repeats", "1", "--precision", "tf32", "--json", "--quiet"], with: weak)
    #expect(training.status == 0 && training.errors.isEmpty)
  }

  private struct Finding: Decodable {
    let operation: String
    let deviation: String
  }

  /// How far the worst convolution is off, as a share of the largest element.
  private static func worst(_ report: String) throws -> Double {
    let findings = try report.split(separator: "\n").map {
      try JSONDecoder().decode(Finding.self, from: Data($0.utf8))
    }
    let deviations = findings.filter { $0.operation.contains("onvolution") }
      .compactMap { Double($0.deviation) }
    return try #require(deviations.max())
  }

  @Test("times engines if asked, and remembers the fastest")
  func timed() throws {
    try withTemporaryFolder { folder in
      let libraries = try StandInLibraries(in: folder)
      func worst(_ engines: String, _ speed: String) throws -> Double {
        let outcome = try Program.run(
          ["device", "--check", "--precision", "tf32", "--engines", engines, "--json"], in: folder,
          environment: libraries.environment.merging(["STAND_IN_GPU": speed]) { $1 })
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        return try Self.worst(outcome.output)
      }
      // The first engine rounds to 11 bits, the second, which is the faster one if the first is slow,
      // does not.
      #expect(try worst("recommended", "slow") > 1e-5)
      #expect(try worst("timed", "slow") < 1e-5)
      #expect(try worst("timed", "fast") < 1e-5)
      let cache = folder + "/cache/cyclegan/engines/stand-in-GPU-cudnn91900-cuda13010"
      let files = try FileManager.default.contentsOfDirectory(atPath: cache)
      #expect(files.count > 10)
      for damaged in ["{", #"{"convolution": "another", "rank": 1}"#] {
        for file in files {
          try damaged.write(toFile: "\(cache)/\(file)", atomically: false, encoding: .utf8)
        }
        #expect(try worst("timed", "fast") > 1e-5)
      }
    }
  }

  @Test("trains with engines that were timed, as graphs and kernel by kernel alike")
  func trainsTimed() throws {
    try withTemporaryFolder { folder in
      let libraries = try StandInLibraries(in: folder)
      func run(_ arguments: [String], _ variables: [String: String] = [:]) throws {
        let environment = libraries.environment.merging(variables) { $1 }
        let outcome = try Program.run(arguments, in: folder, environment: environment)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      }
      try run(["dataset", "seasons", "data", "--count", "2", "--size", "32", "--quiet"])
      func losses(_ engines: String, graphs: String) throws -> [String] {
        let name = "\(engines)-\(graphs)"
        try run(
          [
            "train", "data/trainA", "data/trainB", "--output", name, "--preset", "quick",
            "--size", "24", "--load-size", "24", "--generator", "resnet1", "--filters", "2",
            "--steps", "4", "--device", "cuda", "--precision", "tf32", "--engines", engines,
            "--quiet",
          ], ["STAND_IN_GPU": "slow", "CYCLEGAN_CUDA_GRAPHS": graphs])
        let log = try String(contentsOfFile: "\(folder)/\(name)/log.jsonl", encoding: .utf8)
        let device = #""device":"stand-in GPU (cuda:0), tf32, timed engines""#
        #expect(log.contains(device) == (engines == "timed"), "\(log)")
        return log.matches(of: #/"losses":\{[^}]*\}/#).map { String($0.output) }
      }
      let timed = try losses("timed", graphs: "on")
      #expect(!timed.isEmpty)
      #expect(try losses("timed", graphs: "off") == timed)
      #expect(try losses("recommended", graphs: "on") != timed)
    }
  }

  @Test("is named in JSON, too")
  func json() throws {
    let outcome = try Self.run(["device", "--json"])
    #expect(outcome.output.contains(#""device":"stand-in GPU (cuda:0), "#), "\(outcome.output)")
    #expect(outcome.output.split(separator: "\n").count == 1)
  }

  @Test("is held to the same numbers as the processor")
  func processorIsChecked() throws {
    let outcome = try Self.run(["device", "--device", "cpu", "--check", "--json"])
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test("trains")
  func trains() throws {
    let outcome = try Self.run(Self.step + ["--repeats", "3", "--json", "--quiet"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains(#""device":"stand-in GPU (cuda:0), float32""#))
    #expect(!outcome.output.contains("instruction_set"))
  }

  @Test("trains kernel by kernel where its driver makes no graphs, and says so")
  func graphless() throws {
    let steps = Self.step + ["--repeats", "3", "--json", "--quiet"]
    let outcome = try Self.run(steps, with: ["STAND_IN_GPU": "graphless"])
    #expect(outcome.status == 0)
    for turn in ["The generators' turn", "The discriminators' turn"] {
      #expect(outcome.errors.contains("\(turn) cannot be repeated as a graph: cuGraphInst"))
    }
    #expect(outcome.errors.contains("(801). It is done kernel by kernel."))
    let off = ["STAND_IN_GPU": "graphless", "CYCLEGAN_CUDA_GRAPHS": "off"]
    let plain = try Self.run(steps, with: off)
    #expect(plain.status == 0 && plain.errors.isEmpty)
  }

  @Test("is left alone where the processor is asked for")
  func processor() throws {
    let outcome = try Self.run(["device", "--device", "cpu"])
    #expect(outcome.status == 0 && outcome.output.hasPrefix("CPU, "))
  }

  @Test("that is not there is said not to be")
  func absent() throws {
    let auto = try Self.run(["device"], with: ["STAND_IN_GPU": "none"])
    #expect(auto.status == 0)
    #expect(auto.output.hasPrefix("CPU, ") && auto.output.hasSuffix("(no NVIDIA GPU)\n"))
    let asked = try Self.run(["device", "--device", "cuda"], with: ["STAND_IN_GPU": "none"])
    #expect(asked.status == 1 && asked.errors.contains("sees no GPU"))
    let second = try Self.run(["device", "--device", "cuda:1"])
    #expect(second.status == 1 && second.errors.contains("the last of 1 is cuda:0"))
  }

  @Test("with an old driver is refused")
  func old() throws {
    let outcome = try Self.run(["device", "--device", "cuda"], with: ["STAND_IN_GPU": "old"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("is version 11.4; CUDA 12.0 or newer is needed"))
  }

  @Test("that is too old for tensor cores computes in float32, and refuses what needs them")
  func turing() throws {
    let turing = ["STAND_IN_GPU": "turing"]
    let plain = try Self.run(["device", "--device", "cuda", "--check", "--json"], with: turing)
    #expect(plain.status == 0, "\(plain.output) \(plain.errors)")
    for precision in ["tf32", "bfloat16"] {
      let outcome = try Self.run(
        ["device", "--device", "cuda", "--precision", precision], with: turing)
      let words = "stand-in GPU lacks compute capability 8.0, which \(precision) needs."
      #expect(outcome.status == 1 && outcome.errors.contains("\(words) Use --precision float32."))
    }
  }

  @Test("whose memory is full ends the program with what to do")
  func full() throws {
    let outcome = try Self.run(
      Self.step + ["--repeats", "1"], with: ["STAND_IN_GPU_MEMORY": "2150000"])
    #expect(outcome.wasKilled)
    #expect(outcome.errors.contains("The memory of stand-in GPU is full"))
    #expect(outcome.errors.contains("Use a smaller --batch"))
  }

  private struct Memory: Decodable {
    let peakMemoryMb: Double
  }

  @Test("whose memory is too small for graphs trains kernel by kernel, and says so")
  func narrow() throws {
    let step = Self.step + ["--repeats", "1", "--quiet", "--json"]
    let ample = try Self.run(step)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let peak = try decoder.decode(Memory.self, from: Data(ample.output.utf8)).peakMemoryMb
    // Enough for a step, but not for both graphs.
    let memory = ["STAND_IN_GPU_MEMORY": "\(Int(0.96 * peak * 1e6))"]
    let outcome = try Self.run(step, with: memory)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("there is too little memory for one. It is done kernel by"))
  }

  @Test("--device takes devices; --precision and --engines are for GPUs")
  func usage() throws {
    #expect(try Self.run(["device", "--device", "gpu"]).status == 64)
    #expect(try Self.run(["device", "--device", "cuda:-1"]).status == 64)
    #expect(try Self.run(["device", "--device", "cpu", "--precision", "tf32"]).status == 64)
    #expect(try Self.run(["device", "--device", "cpu", "--engines", "timed"]).status == 64)
    #expect(try Self.run(["device", "--engines", "best"]).status == 64)
  }
}
