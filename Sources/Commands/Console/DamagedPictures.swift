/// What is said of pictures that are cut off.
enum DamagedPictures {
  /// That a part of a picture was taken for the whole.
  ///
  /// - Parameter used: What was done with it, as in `translated`.
  static func note(_ picture: String, _ used: String, damage: String) -> String {
    "\(picture): \(used) what is there; a part is missing (\(damage))."
  }

  /// How pictures that were left out can be had.
  ///
  /// - Parameter uses: What is done with them then, as in `translates`.
  static func remedy(_ uses: String) -> String {
    "--accept-damaged \(uses) what is there of those that are cut off."
  }
}
