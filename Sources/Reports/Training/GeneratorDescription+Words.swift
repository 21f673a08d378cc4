import Checkpoints

extension GeneratorDescription {
  /// The architecture in words: `ResNet of 9 blocks`, `U-Net`.
  package var words: String {
    switch kind {
    case .resnet: "ResNet of \(Numbers.counted(blocks, "block"))"
    case .unet: "U-Net"
    }
  }
}
