extension AdversarialModel {
  /// The same networks and game, with the class told to both networks.
  ///
  /// - Parameter classes: How many there are; 0 for networks that are not told.
  /// - SeeAlso: Mirza and Osindero, arXiv:1411.1784.
  func conditional(onClasses classes: Int) -> AdversarialModel {
    var model = self
    model.generator.classes = classes
    model.discriminator.classes = classes
    return model
  }
}
