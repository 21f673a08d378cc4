import Checkpoints

/// The domains by direction, as a translation speaks of them.
extension ModelDescription.Domains {
  /// The name of the domain that a direction translates from.
  public func source(of direction: Direction) -> String { direction == .aToB ? a : b }

  /// The name of the domain that a direction translates to.
  public func target(of direction: Direction) -> String { direction == .aToB ? b : a }

  /// The direction that leads to a domain.
  ///
  /// - Parameter domain: A domain's name in any case, or the letter A or B; names come first.
  /// - Throws: `TranslationError` with both names if it is neither.
  public func direction(to domain: String) throws(TranslationError) -> Direction {
    let wanted = domain.lowercased()
    for direction in Direction.allCases where target(of: direction).lowercased() == wanted {
      return direction
    }
    for direction in Direction.allCases where direction.target.lowercased() == wanted {
      return direction
    }
    throw TranslationError.unknownDomain(domain, known: [a, b])
  }
}
