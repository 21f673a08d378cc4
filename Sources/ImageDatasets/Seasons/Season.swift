/// A time of year in which a Seasons scene can be drawn.
public enum Season: String, Sendable, CaseIterable {
  /// Green meadows, leaves, open water.
  case summer
  /// Snow, bare branches, ice.
  case winter
}
