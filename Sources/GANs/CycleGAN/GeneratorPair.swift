import Checkpoints
import Layers

/// The two generators of an unpaired translation.
public struct GeneratorPair {
  /// Translates A to B.
  public let aToB: any Module
  /// Translates B to A.
  public let bToA: any Module

  /// Builds the networks, zeros throughout; the second one's channels are exchanged.
  public init(_ description: GeneratorDescription) {
    aToB = description.network()
    bToA = description.reversed.network()
  }

  init(aToB: any Module, bToA: any Module) {
    self.aToB = aToB
    self.bToA = bToA
  }
}
