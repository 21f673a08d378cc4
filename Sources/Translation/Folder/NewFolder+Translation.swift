import Files

extension NewFolder {
  /// Makes a folder for translations, and those above it.
  static func make(_ folder: String) throws(TranslationError) {
    do {
      try create(folder)
    } catch {
      throw .uncreatable(folder: error.path, reason: error.cause)
    }
  }
}
