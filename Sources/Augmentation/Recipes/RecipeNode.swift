import Yams

/// A part of a recipe as it was read: a value and its line.
struct RecipeNode {
  struct Entry {
    let name: String
    let line: Int?
    let node: RecipeNode

    init(_ name: String, _ line: Int?, _ node: RecipeNode) {
      self.name = name
      self.line = line
      self.node = node
    }
  }

  /// The line, counted from 1.
  let line: Int?
  /// The value without lines.
  let value: OptionValue
  /// What stands in a map, in its order.
  let entries: [Entry]
  /// What stands in a list.
  let elements: [RecipeNode]

  /// A value that stands in no file.
  init(_ value: OptionValue, line: Int?) {
    self.line = line
    self.value = value
    switch value {
    case .map(let parts):
      entries = parts.map { Entry($0.name, line, RecipeNode($0.value, line: line)) }
      elements = []
    case .list(let parts):
      entries = []
      elements = parts.map { RecipeNode($0, line: line) }
    case .none, .flag, .number, .literal, .text:
      entries = []
      elements = []
    }
  }

  /// The most parts of a recipe; references to other parts count as often as they are made.
  static let limit = 10_000
  /// The most bytes of a recipe.
  static let byteLimit = 1 << 20

  /// Reads YAML, which JSON is a part of.
  static func read(_ text: String) throws(RecipeError) -> RecipeNode? {
    guard text.utf8.count <= byteLimit else {
      throw RecipeError(nil, .tooLong(limit: byteLimit, unit: "bytes"))
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text.withoutByteOrderMark)
    } catch {
      throw Self.syntaxError(error)
    }
    var left = limit
    return try root.map { node throws(RecipeError) in try RecipeNode(node, left: &left) }
  }

  private init(_ node: Node, left: inout Int) throws(RecipeError) {
    left -= 1
    guard left >= 0 else { throw RecipeError(nil, .tooLong(limit: Self.limit, unit: "parts")) }
    line = node.mark?.line
    switch node {
    case .scalar(let scalar):
      value = Self.value(of: scalar, node)
      entries = []
      elements = []
    case .sequence(let sequence):
      var parts: [RecipeNode] = []
      for part in sequence { parts.append(try RecipeNode(part, left: &left)) }
      elements = parts
      entries = []
      value = .list(parts.map(\.value))
    case .mapping(let mapping):
      var parts: [Entry] = []
      for (key, part) in mapping {
        guard let name = key.string else {
          throw RecipeError(key.mark?.line, .unexpected(found: "no text", wanted: "a name"))
        }
        parts.append(Entry(name, key.mark?.line, try RecipeNode(part, left: &left)))
      }
      entries = parts
      elements = []
      value = .map(parts.map { OptionValue.Entry($0.name, $0.node.value) })
    case .alias:
      throw RecipeError(
        node.mark?.line, .unexpected(found: "a reference", wanted: "the part itself"))
    }
  }

  private static func value(of scalar: Node.Scalar, _ node: Node) -> OptionValue {
    if scalar.style != .plain && scalar.style != .any { return .text(scalar.string) }
    if node.null != nil { return .none }
    if let flag = node.bool { return .flag(flag) }
    if let whole = node.int { return .number(Double(whole)) }
    if let number = node.float { return .number(number) }
    return .text(scalar.string)
  }

  private static func syntaxError(_ error: any Error) -> RecipeError {
    guard let error = error as? YamlError else { return RecipeError(nil, .syntax("\(error)")) }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let words = problem.split(whereSeparator: \.isNewline).first.map(String.init) ?? problem
      return RecipeError(mark.line, .syntax(words))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "'\($0)'" }.sorted().joined(separator: ", ")
      return RecipeError(context.mark.line, .syntax("\(names) stands there twice"))
    case .reader(let problem, let offset, _, _):
      return RecipeError(nil, .syntax("\(problem) at byte \(offset ?? 0)"))
    default:
      return RecipeError(
        nil, .syntax("\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")))
    }
  }
}
