import Files
import Foundation

/// Pipelines as text: YAML, or JSON, which is a part of it.
///
/// ```yaml
/// boxes: {minimumVisibility: 0.3}
/// operations:
///   - HorizontalFlip
///   - Rotate: {limit: 15, probability: 0.5}
///   - OneOf:
///       probability: 0.3
///       operations:
///         - GaussianBlur: {sigma: [0.5, 2]}
///         - GaussNoise
/// ```
///
/// A list alone is a recipe too. Options that are not set have their defaults.
public enum Recipe {
  /// Reads a pipeline.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - file: What errors call the recipe; relative paths in it are looked for beside it first.
  ///   - catalog: The operations that are known.
  /// - Throws: `RecipeError`, which names the line and the remedy.
  public static func read(
    _ text: String, file: String? = nil, catalog: OperationCatalog = .standard
  ) throws(RecipeError) -> Pipeline {
    do {
      let folder = file.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
      return try RecipeReader(catalog: catalog, folder: folder).pipeline(RecipeNode.read(text))
    } catch {
      throw RecipeError(error.line, error.reason, file: file)
    }
  }

  /// Reads the pipeline in a file, or the preset of a name.
  ///
  /// - Parameters:
  ///   - name: One of `Preset`, or a path; `./light` is a file of a preset's name.
  ///   - catalog: The operations that are known.
  /// - Throws: `RecipeError`, or the reason why the file cannot be read.
  public static func load(
    _ name: String, catalog: OperationCatalog = .standard
  ) throws -> Pipeline {
    if let preset = Preset(rawValue: name) { return preset.pipeline }
    guard FileManager.default.fileExists(atPath: name) else {
      throw RecipeError(nil, .unknownPreset(name, all: Preset.allCases.map(\.rawValue)))
    }
    let bytes = try WholeFile.read(name, limit: RecipeNode.byteLimit)
    return try read(String(decoding: bytes, as: UTF8.self), file: name, catalog: catalog)
  }
}

/// Makes a pipeline of the parts of a recipe.
private struct RecipeReader {
  let catalog: OperationCatalog
  let folder: String?
  private static let depthLimit = 20

  func pipeline(_ root: RecipeNode?) throws(RecipeError) -> Pipeline {
    guard let root, root.value != .none else { throw RecipeError(nil, .empty) }
    if case .list = root.value { return Pipeline(try steps(root, depth: 0)) }
    guard case .map = root.value else {
      throw RecipeError(
        root.line, .unexpected(found: root.value.kind, wanted: "a list of operations"))
    }
    var steps: [PipelineNode]?
    var rules = BoxRules()
    for entry in root.entries {
      switch entry.name {
      case "operations": steps = try self.steps(entry.node, depth: 0)
      case "boxes": rules = try boxRules(entry.node)
      default: throw unknown(entry, of: "the recipe", ["boxes", "operations"])
      }
    }
    guard let steps else { throw RecipeError(root.line, .empty) }
    return Pipeline(steps, boxRules: rules)
  }

  private func steps(_ node: RecipeNode, depth: Int) throws(RecipeError) -> [PipelineNode] {
    guard depth < Self.depthLimit else {
      throw RecipeError(node.line, .tooDeep(limit: Self.depthLimit))
    }
    guard case .list = node.value else {
      throw RecipeError(
        node.line, .unexpected(found: node.value.kind, wanted: "a list of operations"))
    }
    var steps: [PipelineNode] = []
    for element in node.elements { steps.append(try step(element, depth: depth)) }
    return steps
  }

  private func step(_ node: RecipeNode, depth: Int) throws(RecipeError) -> PipelineNode {
    switch node.value {
    case .text(let name): return try step(name, RecipeNode(.map([]), line: node.line), depth: depth)
    case .map where node.entries.count == 1:
      let entry = node.entries[0]
      let isBare = entry.node.value == .none
      return try step(
        entry.name, isBare ? RecipeNode(.map([]), line: entry.line) : entry.node, depth: depth)
    default:
      throw RecipeError(
        node.line, .unexpected(found: node.value.kind, wanted: "one operation with its options"))
    }
  }

  private func step(
    _ name: String, _ node: RecipeNode, depth: Int
  ) throws(RecipeError) -> PipelineNode {
    if let group = GroupName(rawValue: name) { return try self.group(group, node, depth: depth) }
    guard let type = catalog.operation(named: name) else {
      let all = catalog.operations.map { $0.name } + GroupName.allCases.map(\.rawValue)
      throw RecipeError(node.line, .unknownOperation(name, nearest: all.nearest(to: name)))
    }
    guard case .map = node.value else {
      throw RecipeError(
        node.line, .unexpected(found: node.value.kind, wanted: "the options of \(name)"))
    }
    return try OperationCatalog.make(
      type, node.entries, line: node.line, folder: folder
    ).node
  }

  private func group(
    _ name: GroupName, _ node: RecipeNode, depth: Int
  ) throws(RecipeError) -> PipelineNode {
    try node.entries.refuseTwoProbabilities()
    var probability = name.usualProbability
    var count: ClosedRange<Int>?
    var steps: [PipelineNode]?
    if case .list = node.value { steps = try self.steps(node, depth: depth + 1) }
    for entry in node.entries {
      switch entry.name {
      case "operations": steps = try self.steps(entry.node, depth: depth + 1)
      case "probability", "p":
        probability = Float(
          try number(entry, of: name.rawValue, in: 0...1, else: Double(probability)))
      case "count" where name == .someOf: count = try counts(entry)
      default:
        let all = (name == .someOf ? ["count"] : []) + ["operations", "probability"]
        throw unknown(entry, of: name.rawValue, all)
      }
    }
    guard let steps, !steps.isEmpty else {
      throw RecipeError(
        node.line,
        .missingOption("operations", of: name.rawValue, domain: "a list of operations"))
    }
    let group: PipelineNode.Group
    switch name {
    case .compose, .sequential: group = .sequential
    case .oneOf: group = .oneOf
    case .randomOrder: group = .randomOrder
    case .someOf:
      guard let count else {
        throw RecipeError(
          node.line, .missingOption("count", of: name.rawValue, domain: "a whole number, or two"))
      }
      group = .someOf(count)
    }
    return PipelineNode(kind: .group(group, steps), probability: probability)
  }

  private func counts(_ entry: RecipeNode.Entry) throws(RecipeError) -> ClosedRange<Int> {
    let values: [OptionValue] =
      if case .list(let values) = entry.node.value { values } else { [entry.node.value] }
    let numbers = values.compactMap { value -> Int? in
      guard case .number(let number) = value, (0...1000).contains(number) else { return nil }
      return Int(exactly: number)
    }
    guard numbers.count == values.count, (1...2).contains(numbers.count),
      numbers[0] <= numbers[numbers.count - 1]
    else {
      throw RecipeError(
        entry.line,
        .unusableValue(
          option: "count", of: "SomeOf",
          problem: "is \(entry.node.value.kind) and must be a whole number, or two"))
    }
    return numbers[0]...numbers[numbers.count - 1]
  }

  private func boxRules(_ node: RecipeNode) throws(RecipeError) -> BoxRules {
    guard case .map = node.value else {
      throw RecipeError(
        node.line, .unexpected(found: node.value.kind, wanted: "the rules for boxes"))
    }
    var rules = BoxRules()
    for entry in node.entries {
      switch entry.name {
      case "minimumArea": rules.minimumArea = try number(entry, of: "boxes", in: 0...1e12)
      case "minimumVisibility": rules.minimumVisibility = try number(entry, of: "boxes", in: 0...1)
      case "minimumWidth": rules.minimumWidth = try number(entry, of: "boxes", in: 0...1e6)
      case "minimumHeight": rules.minimumHeight = try number(entry, of: "boxes", in: 0...1e6)
      default:
        throw unknown(
          entry, of: "boxes",
          ["minimumArea", "minimumHeight", "minimumVisibility", "minimumWidth"])
      }
    }
    return rules
  }

  private func number(
    _ entry: RecipeNode.Entry, of owner: String, in bounds: ClosedRange<Double>,
    else standard: Double = 0
  ) throws(RecipeError) -> Double {
    if entry.node.value == .none { return standard }
    guard case .number(let number) = entry.node.value, bounds.contains(number) else {
      let domain =
        OptionValue.digits(bounds.lowerBound) + " to " + OptionValue.digits(bounds.upperBound)
      throw RecipeError(
        entry.line,
        .unusableValue(
          option: entry.name, of: owner,
          problem: "is \(entry.node.value.kind) and must be a number from \(domain)"))
    }
    return number
  }

  private func unknown(
    _ entry: RecipeNode.Entry, of owner: String, _ all: [String]
  ) -> RecipeError {
    RecipeError(
      entry.line,
      .unknownOption(entry.name, of: owner, nearest: all.nearest(to: entry.name), all: all))
  }
}
