import Foundation

/// Which target stands on which floor, and what it may import beside targets.
struct FloorTable {
  /// Targets by floor, as `Docs/Architecture.md` has them.
  let floors: [String: Int]

  /// Modules that any target may import: they come with the toolchain.
  static let toolchain: Set = ["Dispatch", "Foundation", "Glibc", "Synchronization"]
  /// Modules of packages, and the only targets that may import them.
  static let packages: [String: Set<String>] = [
    "ArgumentParser": ["Commands"], "Yams": ["Augmentation"],
  ]

  /// Reads the rows `| floor | targets | … |`; names of targets stand in backticks.
  init(markdown: String) {
    var floors: [String: Int] = [:]
    for line in markdown.split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 3, let floor = Int(cells[0]) else { continue }
      // Between backticks stands every second part.
      let parts = cells[1].split(separator: "`", omittingEmptySubsequences: false)
      for (index, name) in parts.enumerated() where index % 2 == 1 { floors[String(name)] = floor }
    }
    self.floors = floors
  }

  /// What is wrong with an import; nil if nothing is.
  func fault(in target: String, importing module: String) -> String? {
    guard let floor = floors[target] else { return "\(target) stands on no floor" }
    if let below = floors[module] {
      guard below >= floor else { return nil }
      return "\(target) on floor \(floor) imports \(module) on floor \(below)"
    }
    if Self.toolchain.contains(module) { return nil }
    guard let importers = Self.packages[module] else {
      return "\(target) imports \(module), which stands in no table"
    }
    return importers.contains(target)
      ? nil : "\(target) imports \(module), which only \(importers.sorted()) may"
  }
}
