import Yams

extension Recipe {
  /// The text of a pipeline in YAML; reading it gives the pipeline again.
  ///
  /// Every option is written, defaults too.
  public static func yaml(_ pipeline: Pipeline) -> String {
    do {
      return try Yams.serialize(node: node(value(pipeline)), width: 100)
    } catch {
      preconditionFailure("a recipe cannot be written: \(error)")
    }
  }

  /// The text of a pipeline in JSON; reading it gives the pipeline again.
  public static func json(_ pipeline: Pipeline) -> String {
    indented(value(pipeline), by: 0) + "\n"
  }

  /// The pipeline as a value.
  static func value(_ pipeline: Pipeline) -> OptionValue {
    let rules = pipeline.boxRules
    let operations = OptionValue.Entry("operations", .list(pipeline.steps.map(value)))
    return .map(
      rules == BoxRules() ? [operations] : [.init("boxes", rules.value), operations])
  }

  private static func value(_ step: PipelineNode) -> OptionValue {
    var entries: [OptionValue.Entry] = []
    switch step.kind {
    case .operation(let operation): entries = options(operation)
    case .group(let group, let steps):
      if case .someOf(let count) = group {
        entries.append(
          .init(
            "count", .list([.number(Double(count.lowerBound)), .number(Double(count.upperBound))])))
      }
      entries.append(.init("operations", .list(steps.map(value))))
    }
    entries.append(.init("probability", .number(step.probability)))
    return .map([.init(step.name, .map(entries))])
  }

  private static func options<Operation: ImageOperation>(
    _ operation: Operation
  ) -> [OptionValue.Entry] {
    Operation.options.map { .init($0.name, $0.value(operation)) }
  }

  private static func node(_ value: OptionValue) -> Node {
    switch value {
    case .none: Node("null", Tag(.null))
    case .flag(let flag): Node(flag ? "true" : "false", Tag(.bool))
    case .number(let number):
      Node(OptionValue.digits(number), Tag(Int(exactly: number) == nil ? .float : .int))
    case .literal(let digits): Node(digits, Tag(.float))
    case .text(let text): Node(text, Tag(.str), .doubleQuoted)
    case .list(let values):
      .sequence(.init(values.map(node), Tag(.seq), isFlat(value) ? .flow : .block))
    case .map(let entries):
      .mapping(
        .init(
          entries.map { (Node($0.name, Tag(.str)), node($0.value)) }, Tag(.map),
          isFlat(value) ? .flow : .block))
    }
  }

  private static func indented(_ value: OptionValue, by depth: Int) -> String {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    if isFlat(value) { return value.text }
    switch value {
    case .list(let values):
      let lines = values.map { inner + indented($0, by: depth + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .map(let entries):
      let lines = entries.map {
        "\(inner)\(OptionValue.text($0.name).text): \(indented($0.value, by: depth + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .none, .flag, .number, .literal, .text: return value.text
    }
  }

  /// Whether a value stands in one line: it holds no operations.
  private static func isFlat(_ value: OptionValue) -> Bool {
    switch value {
    case .none, .flag, .number, .literal, .text: true
    case .list(let values):
      values.allSatisfy { part in
        switch part {
        case .list, .map: false
        case .none, .flag, .number, .literal, .text: true
        }
      }
    case .map(let entries):
      entries.allSatisfy { entry in
        if case .map = entry.value { return false }
        return isFlat(entry.value)
      }
    }
  }
}

extension BoxRules {
  /// The rules as recipes and records write them: those that keep boxes out.
  package var value: OptionValue {
    let numbers = [
      ("minimumArea", minimumArea), ("minimumVisibility", minimumVisibility),
      ("minimumWidth", minimumWidth), ("minimumHeight", minimumHeight),
    ]
    return .map(numbers.filter { $0.1 > 0 }.map { OptionValue.Entry($0.0, .number($0.1)) })
  }
}
