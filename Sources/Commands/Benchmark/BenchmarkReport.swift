import CycleGANKit

/// Measurements as people read them.
struct BenchmarkReport {
  /// The tables, an empty line between them.
  let lines: [String]

  /// Lays out what was measured.
  init(_ results: [Benchmark.Measurement]) {
    var works = Table(["case", "median", "fastest", "GFLOP/s", "of peak", "memory", "pictures/s"])
    var layers = Table([
      "layer", "verb", "median", "fastest", "GFLOP/s", "of peak", "calls", "in a step",
    ])
    for result in results {
      let speed = [Self.decimal(result.gflops, 0), Self.percent(result.peakFraction)]
      if let layer = result.layer, let verb = result.verb {
        let calls = result.callsPerStep.flatMap { $0 > 0 ? $0 : nil }
        let inStep = calls.map { Double($0) * result.medianMs }
        layers.add(
          [layer, verb.rawValue] + Self.times(result, digits: 2) + speed
            + [calls.map { "\($0)" } ?? "", Self.decimal(inStep, 1, " ms")])
      } else {
        let memory = Self.decimal(result.peakMemoryMb, 0, " MB")
        works.add(
          [result.operation ?? result.case.rawValue] + Self.times(result, digits: 1) + speed
            + [memory, Self.decimal(result.picturesPerSecond, 0)])
      }
    }
    // A table of headings alone says nothing.
    let tables = [works, layers].map(\.lines).filter { $0.count > 1 }
    var lines = Array(tables.joined(separator: [""]))
    if let peak = results.lazy.compactMap(\.peakGflops).first {
      lines += [
        "",
        "GFLOP/s are those of direct convolution; the peak is \(Self.decimal(peak, 1)), measured.",
      ]
    }
    self.lines = lines
  }

  private static func times(_ result: Benchmark.Measurement, digits: Int) -> [String] {
    [decimal(result.medianMs, digits, " ms"), decimal(result.minMs, digits, " ms")]
  }

  private static func decimal(_ number: Double?, _ digits: Int, _ unit: String = "") -> String {
    number.map { Numbers.decimal($0, digits: digits) + unit } ?? ""
  }

  private static func percent(_ share: Double?) -> String {
    decimal(share.map { 100 * $0 }, 0, " %")
  }
}
