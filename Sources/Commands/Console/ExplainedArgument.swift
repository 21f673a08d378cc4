import ArgumentParser

/// A value on the command line that follows a rule of its own, which is said where it is broken.
protocol ExplainedArgument: ExpressibleByArgument {
  /// What such a value is, with an example.
  static var rule: String { get }
}

extension ExplainedArgument {
  /// Takes the words of a command line; for an option's `transform`.
  ///
  /// - Throws: `ValidationError` that says the rule.
  static func read(_ words: String) throws -> Self {
    guard let value = Self(argument: words) else { throw ValidationError(rule) }
    return value
  }
}
