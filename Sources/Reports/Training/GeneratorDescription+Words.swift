import Checkpoints

extension GeneratorDescription {
  /// The architecture in words: `ResNet of 9 blocks`, `U-Net`.
  package var words: String {
    switch kind {
    case .resnet: "ResNet of \(blocks) block\(blocks == 1 ? "" : "s")"
    case .unet: "U-Net"
    }
  }
}
