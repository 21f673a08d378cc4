import Tensors

/// The case of a `trajectory-…` golden: a CycleGAN trained for a few steps, everything pinned.
///
/// The golden holds `losses` [steps, 8] and the weights after the last step,
/// `golden.parameters(name, "generatorAB.")` and so on. `Scripts/golden_trajectories.py` says how
/// it was made, and why it can be followed to five digits.
package struct TrajectoryCase: Decodable, Sendable, CustomStringConvertible {
  /// A loss, with its factor, in the order of the columns.
  package enum Loss: String, Decodable, Sendable {
    /// Of G_AB, judged by the discriminator of domain B.
    case ganAB
    /// Of G_BA, judged by the discriminator of domain A.
    case ganBA
    /// λ_A‖G_BA(G_AB(A)) − A‖₁.
    case cycleA
    /// λ_B‖G_AB(G_BA(B)) − B‖₁.
    case cycleB
    /// λ_identity λ_A‖G_BA(A) − A‖₁.
    case identityA
    /// λ_identity λ_B‖G_AB(B) − B‖₁.
    case identityB
    /// Of the discriminator that judges A: half of real and pooled fake, plus the whole penalty.
    case discriminatorA
    /// Of the discriminator that judges B.
    case discriminatorB
  }

  package let name: String
  package let mode: LossCase.Kind
  package let steps: Int
  package let poolSize: Int
  package let blocks: Int
  /// Filters of the generators and of the discriminators.
  package let filters: Int
  package let discriminatorLayers: Int
  package let lambdaA: Float
  package let lambdaB: Float
  package let lambdaIdentity: Float
  package let learningRate: Double
  package let beta1: Double
  package let beta2: Double
  package let epsilon: Double
  package let losses: [Loss]
  /// Per step and picture: −1 returns the new one, else the stored one to return and replace.
  ///
  /// While the pool fills, the new one is stored and returned.
  package let poolA: [[Int]]
  package let poolB: [[Int]]
  /// Parameters that receive nothing but rounding: `generatorAB.model.1.bias`.
  package let inert: Set<String>
  private let pictures: [Int]
  private let weightScale: Float
  private let seed: UInt64

  package var description: String { name }

  /// A parameter before the first step, in this library's layout.
  ///
  /// - Parameter key: The network and the reference's key: `generatorAB.model.1.weight`.
  package func parameter(_ key: String, shape: Shape) -> Tensor {
    goldenParameter(name: key, shape: shape, seed: seed, scale: weightScale)
  }

  /// The real pictures of a step, `[N, H, W, C]`.
  ///
  /// - Parameter domain: "A" or "B".
  package func pictures(_ domain: String, step: Int) -> Tensor {
    goldenTensor(
      name: "real\(domain).step\(step)", shape: Shape(pictures), seed: seed, scale: 1)
  }

  /// For each picture, the share of the real one in the gradient penalty's mixture.
  ///
  /// - Parameter domain: "A" or "B": whose discriminator is penalised.
  package func alphas(_ domain: String, step: Int) -> [Float] {
    goldenTensor(name: "alphas\(domain).step\(step)", shape: [pictures[0]], seed: seed, scale: 1)
      .values.map { ($0 + 1) / 2 }
  }
}
