import CycleGANKit
import Foundation
import Testing

@Suite("Errors of the library")
struct LocalizedErrorTests {
  @Test("say what was found and what to do, also as a localized description")
  func descriptions() throws {
    let error = #expect(throws: FileError.self) { try ImageFile.read("/nowhere/a.png") }
    let text = try #require(error?.description)
    #expect(text.contains("/nowhere/a.png"))
    #expect((error as (any Error)?)?.localizedDescription == text)
    let other: any Error = TrainingError.invalidOption("--size", problem: "is 0")
    #expect(other.localizedDescription == "\(other)")
  }

  @Test("are all localized")
  func all() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path)).allObjects
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Commands/") }
    func text(_ file: String) throws -> String {
      try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
    }
    let localized = try text("CycleGANKit/LocalizedErrors.swift")
    var count = 0
    for file in files {
      for match in try text(file).matches(
        of: /public (?:struct|enum) (\w+):\s+Error\b[^{]*CustomStringConvertible/)
      {
        #expect(localized.contains("extension \(match.1): DescribedError"), "\(match.1)")
        count += 1
      }
    }
    #expect(count >= 15)
  }
}
