import Images

/// A translation and the way back, to see what was lost.
public struct RoundTrip {
  private let there: Translator
  private let back: Translator

  /// Joins two translators of opposite directions.
  public init(there: Translator, back: Translator) {
    self.there = there
    self.back = back
  }

  /// Original, translation and what the way back makes of it, side by side.
  public func callAsFunction(_ pictures: [Pixels]) throws -> [Pixels] {
    let translated = try there(pictures)
    let recovered = try back(translated)
    return pictures.indices.map { Pixels(beside: [pictures[$0], translated[$0], recovered[$0]]) }
  }
}
