import Checkpoints
import Tensors

/// Half the width of the weights' distribution: even over ±0.035, a standard deviation of 0.02.
package let goldenWeightScale: Float = 0.035

/// The seeded tensor that `Scripts/golden_tensors.py` computes alike, bit for bit.
///
/// That script documents the recipe. Goldens of full-size networks name a seed instead of storing
/// the weights.
///
/// - Parameters:
///   - name: The tensor's name, such as `resnet9.model.1.weight`.
///   - shape: The shape in the script: a filter's is the reference's, `[O, I, KH, KW]`; pictures
///     are `[N, H, W, C]`.
///   - seed: The golden's seed.
///   - scale: Values are even over `-scale ..< scale`; 1 for pictures.
package func goldenTensor(
  name: String, shape: Shape, seed: UInt64, scale: Float = goldenWeightScale
) -> Tensor {
  let gamma: UInt64 = 0x9e37_79b9_7f4a_7c15
  let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
  }
  var state = mixed(seed &+ gamma) ^ hash
  return Tensor(shape) {
    state &+= gamma
    return (Float(mixed(state) >> 40) * 0x1p-23 - 1) * scale
  }
}

/// A seeded parameter of a network, in this library's layout.
///
/// - Parameters:
///   - name: The case (or network) and the reference's key: `resnet9.model.1.weight`.
///   - shape: The shape in this library's layout.
///   - seed: The golden's seed.
///   - scale: Values are even over `-scale ..< scale`.
package func goldenParameter(
  name: String, shape: Shape, seed: UInt64, scale: Float = goldenWeightScale
) -> Tensor {
  let reference = Shape(shape.dimensions.suffix(1) + shape.dimensions.dropLast())
  return goldenTensor(name: name, shape: reference, seed: seed, scale: scale).inOurLayout
}

/// The finaliser of SplitMix64.
private func mixed(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
