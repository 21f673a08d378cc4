import Foundation
import Testing

@Suite("Targets stand in floors")
struct FloorTests {
  @Test("Every target stands on a floor, and every floor holds targets that exist")
  func targetsAreListed() throws {
    let table = try Self.table()
    #expect(try Set(SourceTree.targets()) == Set(table.floors.keys))
  }

  @Test("Every import leads to a lower floor, the toolchain or an allowed package")
  func importsLeadDown() throws {
    let table = try Self.table()
    var imports = 0
    for target in try SourceTree.targets() {
      for file in try SourceTree.files(of: target) {
        for module in SourceTree.imports(in: file.text) {
          imports += 1
          let fault = table.fault(in: target, importing: module)
          #expect(fault == nil, "Sources/\(target)/\(file.path): \(fault ?? "")")
        }
      }
    }
    #expect(imports > 100, "the scan finds imports at all")
  }

  @Test("Networks know the backend's protocol and no concrete device")
  func networksKnowNoDevice() throws {
    for target in ["Autograd", "Layers", "GANs"] {
      for file in try SourceTree.files(of: target) {
        let names = ["CPUBackend", "ReferenceBackend"].filter { file.text.contains($0) }
        #expect(names.isEmpty, "Sources/\(target)/\(file.path) names \(names)")
      }
    }
  }

  @Test("Libraries never print, and leave it to the program when to end")
  func librariesNeverPrint() throws {
    let calls =
      #/\b(print|debugPrint|_?exit|abort)\(|STD(OUT|ERR)_FILENO|FileHandle\.standard/#
    for target in try SourceTree.targets()
    // Reports are what a person sees of a program at work.
    where !["Commands", "Reports"].contains(target) {
      for file in try SourceTree.files(of: target) {
        let lines = file.text.split(whereSeparator: \.isNewline).filter { $0.contains(calls) }
        #expect(lines.isEmpty, "Sources/\(target)/\(file.path): \(lines)")
      }
    }
  }

  @Test("An import is recognised however it is written")
  func importForms() {
    let text = """
      import Tensors
      @_exported import Images
      @testable package import Layers // a note
        import struct Foundation.URL
      // import Nothing
      let important = "import Nothing"
      """
    #expect(SourceTree.imports(in: text) == ["Tensors", "Images", "Layers", "Foundation"])
  }

  @Test("An import upwards, sideways or of an unknown module is a fault")
  func faults() {
    let table = FloorTable(
      markdown: """
        | floor | target | what |
        |---|---|---|
        | 1 | `Low`, `Beside` | both |
        | 2 | `High` | above |
        """)
    #expect(table.floors == ["Low": 1, "Beside": 1, "High": 2])
    #expect(table.fault(in: "High", importing: "Low") == nil)
    #expect(table.fault(in: "High", importing: "Foundation") == nil)
    #expect(table.fault(in: "Low", importing: "High") != nil)
    #expect(table.fault(in: "Low", importing: "Beside") != nil)
    #expect(table.fault(in: "High", importing: "ArgumentParser") != nil)
    #expect(table.fault(in: "High", importing: "Unheard") != nil)
    #expect(table.fault(in: "Attic", importing: "Low") != nil)
  }

  private static func table() throws -> FloorTable {
    let document = SourceTree.root.appendingPathComponent("Docs/Architecture.md")
    return FloorTable(markdown: try String(contentsOf: document, encoding: .utf8))
  }
}
