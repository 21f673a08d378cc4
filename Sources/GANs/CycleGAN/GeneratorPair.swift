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
    var back = description
    (back.inputChannels, back.outputChannels) = (
      description.outputChannels, description.inputChannels
    )
    aToB = description.network()
    bToA = back.network()
  }

  init(aToB: any Module, bToA: any Module) {
    self.aToB = aToB
    self.bToA = bToA
  }
}
