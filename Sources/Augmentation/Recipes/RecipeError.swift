/// A recipe or a record that cannot be used: where, why, and what to do about it.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// Why it cannot be used.
  public enum Reason: Equatable, Sendable {
    /// It is neither YAML nor JSON; the parser's words.
    case syntax(String)
    /// It holds no operations.
    case empty
    /// A part is not what stands at such a place.
    case unexpected(found: String, wanted: String)
    /// No operation or group has this name; the nearest that there is.
    case unknownOperation(String, nearest: String?)
    /// The operation has no such option; the nearest that there is, and all.
    case unknownOption(String, of: String, nearest: String?, all: [String])
    /// An option has a value that it cannot have.
    case unusableValue(option: String, of: String, problem: String)
    /// An option that has no default is not set.
    case missingOption(String, of: String, domain: String)
    /// Steps within steps within steps.
    case tooDeep(limit: Int)
    /// More than a recipe may hold.
    case tooLong(limit: Int, unit: String)
    /// What was drawn for an operation is not what it draws.
    case unusableRecord(operation: String)
    /// There is no preset of this name and no file either.
    case unknownPreset(String, all: [String])
  }

  /// The file, if the recipe came from one.
  public var file: String?
  /// The line, counted from 1.
  public let line: Int?
  /// Why it cannot be used.
  public let reason: Reason

  /// Creates an error of its facts.
  public init(_ line: Int?, _ reason: Reason, file: String? = nil) {
    self.line = line
    self.reason = reason
    self.file = file
  }

  /// The place, the reason and the remedy, in a line.
  public var description: String {
    let place = [file, line.map { "line \($0)" }].compactMap(\.self).joined(separator: ", ")
    return (place.isEmpty ? "" : place + ": ") + words
  }

  private var words: String {
    switch reason {
    case .syntax(let problem): "neither YAML nor JSON: \(problem). Check indents and brackets."
    case .empty: "no operations. List them under 'operations:', each on a line after a dash."
    case .unexpected(let found, let wanted): "\(found) where \(wanted) should stand."
    case .unknownOperation(let name, let nearest):
      "unknown operation '\(name)'" + Self.remedy(nearest, else: "Docs/Augmentation.md lists them")
    case .unknownOption(let option, let operation, let nearest, let all):
      "\(operation) has no option '\(option)'"
        + Self.remedy(nearest, else: "it has \(all.joined(separator: ", "))")
    case .unusableValue(let option, let operation, let problem):
      "\(operation): \(option) \(problem)."
    case .missingOption(let option, let operation, let domain):
      "\(operation) needs '\(option)'. Set it to \(domain)."
    case .tooDeep(let limit): "groups in groups, more than \(limit) deep. Use fewer."
    case .tooLong(let limit, let unit): "more than \(limit) \(unit). Split the recipe."
    case .unusableRecord(let operation):
      "what was drawn for \(operation) does not fit it. Record it again."
    case .unknownPreset(let name, let all):
      "no file and no preset '\(name)'. Presets: \(all.joined(separator: ", "))."
    }
  }

  private static func remedy(_ nearest: String?, else other: String) -> String {
    nearest.map { ": did you mean '\($0)'?" } ?? "; \(other)."
  }
}

extension Collection<String> {
  /// The name that is the fewest changes away from another one, if they are few.
  package func nearest(to name: String) -> String? {
    let wanted = Array(name.lowercased())
    let distances = map { ($0, Self.distance(wanted, Array($0.lowercased()))) }
    guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= Swift.max(2, wanted.count / 3)
    else { return nil }
    return best.0
  }

  /// Letters to insert, remove or replace.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    // Names are short; what is not is no misspelling.
    guard a.count <= 64 else { return .max }
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let change = corner + (letter == other ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = Swift.min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
