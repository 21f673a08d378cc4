import ConvolutionCore
import Tensors

/// A case of `convolutions`: tensors `x weight bias y dy dx dweight dbias`.
package struct ConvolutionCase: Decodable, Sendable, CustomStringConvertible {
  /// A convolution or a transposed one.
  package enum Kind: String, Decodable, Sendable { case convolution, transposed }
  /// What stands around the picture.
  package enum Padding: String, Decodable, Sendable { case zero, reflect }

  package let name: String
  package let kind: Kind
  package let kernel: Int
  package let stride: Int
  package let padding: Padding
  package let amount: Int

  package var description: String { name }

  /// The convolution; of a transposed one, the convolution whose adjoint it is.
  package var spec: ConvolutionSpec {
    ConvolutionSpec(
      stride: stride, padding: padding == .zero ? .zero(amount) : .reflect(amount))
  }
}

/// A case of `normalizations`: tensors `x y dy dx`, where affine `scale shift dscale dshift`, and
/// for batch norm `mean variance` before and `newMean newVariance` after.
package struct NormalizationCase: Decodable, Sendable, CustomStringConvertible {
  /// Which norm, and in which mode.
  package enum Kind: String, Decodable, Sendable { case instance, batchTraining, batchInference }

  package let name: String
  package let kind: Kind
  package let affine: Bool
  package let epsilon: Float
  /// Weight of the new in batch norm's running statistics.
  package let momentum: Float?
  private let activation: String
  private let slope: Float

  package var description: String { name }

  /// The activation that follows.
  package var followedBy: Activation {
    switch activation {
    case "relu": .relu
    case "leakyReLU": .leakyReLU(slope: slope)
    default: .identity
    }
  }
}

/// A case of `activations`: tensors `x y dy dx`.
package struct ActivationCase: Decodable, Sendable, CustomStringConvertible {
  /// The functions.
  package enum Name: String, Decodable, Sendable { case relu, leakyReLU, tanh, sigmoid }

  private let function: Name
  private let slope: Float

  private enum CodingKeys: String, CodingKey {
    case function = "name"
    case slope
  }

  package var name: String { function.rawValue }
  package var description: String { name }

  /// The function.
  package var pointwise: Pointwise {
    switch function {
    case .relu: .relu
    case .leakyReLU: .leakyReLU(slope: slope)
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    }
  }
}

/// A case of `losses`.
///
/// | kind | tensors |
/// |---|---|
/// | `lsgan vanilla wgangp` | `prediction gradient value` |
/// | `l1` | `prediction target gradient value` |
/// | `penalty` | `real fake alphas value`, `weights.<key>`, `gradients.<key>` of a PatchGAN |
package struct LossCase: Decodable, Sendable, CustomStringConvertible {
  /// Which loss.
  package enum Kind: String, Decodable, Sendable { case lsgan, vanilla, wgangp, l1, penalty }

  package let name: String
  package let kind: Kind
  /// Whether the prediction should say "real"; for the losses of GANs.
  package let isReal: Bool?
  /// Filters of the penalty's PatchGAN.
  package let filters: Int?
  /// Layers of the penalty's PatchGAN.
  package let layers: Int?

  package var description: String { name }
}

/// The case of `adam`: tensors `weights`, and per step `gradient<i>` and `weights<i>`.
package struct AdamCase: Decodable, Sendable {
  package let name: String
  package let steps: Int
  package let learningRate: Double
  package let beta1: Double
  package let beta2: Double
  package let epsilon: Double
}

/// A case of `networks`: the seeded network (`goldenParameter(name: "<case>.<key>", …)`), applied
/// to the seeded pictures, gives the tensor `output`.
package struct NetworkCase: Decodable, Sendable, CustomStringConvertible {
  /// A family of architectures.
  package enum Kind: String, Decodable, Sendable { case resnet, unet, patch, pixel }

  package let name: String
  package let kind: Kind
  package let filters: Int
  /// Residual blocks of a ResNet, halvings of a U-Net.
  package let blocks: Int?
  /// Layers of a PatchGAN.
  package let layers: Int?
  package let outputChannels: Int
  /// The number of parameters in PyTorch.
  package let parameters: Int
  /// What PyTorch itself loses in float32, relative to the largest magnitude.
  package let float32Error: Float
  private let input: [Int]
  private let outputShape: [Int]
  private let stride: Int

  package var description: String { name }

  /// The channels of the input pictures.
  package var inputChannels: Int { input[3] }

  /// The seeded input, `[N, H, W, C]`.
  package func pictures(seed: UInt64) -> Tensor {
    goldenTensor(name: "\(name).input", shape: Shape(input), seed: seed, scale: 1)
  }

  /// The rows and columns of an output that were stored.
  ///
  /// Throws if the output has not the shape that PyTorch's had.
  package func stored(of output: Tensor) throws -> Tensor {
    guard output.shape.dimensions == outputShape else {
      throw Mismatch("\(name): output \(output.shape) instead of \(outputShape)")
    }
    let shape = output.shape
    var values: [Float] = []
    for picture in 0..<shape.batch {
      for y in Swift.stride(from: 0, to: shape.height, by: stride) {
        for x in Swift.stride(from: 0, to: shape.width, by: stride) {
          let start = ((picture * shape.height + y) * shape.width + x) * shape.channels
          values += (0..<shape.channels).map { output[start + $0] }
        }
      }
    }
    let rows = (shape.height + stride - 1) / stride
    let columns = (shape.width + stride - 1) / stride
    return Tensor([shape.batch, rows, columns, shape.channels], values)
  }
}
