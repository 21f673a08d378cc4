/// Why a translation cannot be done.
public enum TranslationError: Error, Equatable, CustomStringConvertible {
  /// The model knows no domain of this name.
  case unknownDomain(String, known: [String])

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .unknownDomain(let name, let known):
      "The model knows no domain '\(name)'. "
        + "It translates to \(known.map { "'\($0)'" }.joined(separator: " or "))."
    }
  }
}
