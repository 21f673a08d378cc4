import ConvolutionCore
import Tensors

/// One of the three verbs on tensors of certain shapes, as cuDNN is asked for it.
struct ConvolutionProblem: Hashable, Sendable {
  /// Which of the three tensors is computed from the other two.
  enum Verb: String, CaseIterable, Sendable {
    case forward = "convolution"
    case inputGradient = "input gradient"
    case filterGradient = "filter gradient"
  }

  /// Rows above and below, columns left and right.
  struct Margin: Hashable, Sendable {
    let rows: Int, columns: Int
  }

  let verb: Verb
  /// `[N, H, W, I]`.
  let input: Shape
  /// `[I, KH, KW, O]`; in memory `[O, KH, KW, I]`.
  let filter: Shape
  /// `[N, OH, OW, O]`.
  let output: Shape
  let stride: Int
  /// Zeros on each side.
  let padding: Margin
  /// Of all three tensors.
  let format: ElementFormat
}

extension ConvolutionProblem {
  /// A convolution as it is, over a picture that comes with its border if that is mirrored.
  init(
    _ verb: Verb, _ input: Shape, _ filter: Shape, _ spec: ConvolutionSpec,
    _ format: ElementFormat
  ) {
    let margin = spec.reflection == nil ? spec.padding.amount : 0
    self.init(
      verb: verb, input: spec.reflection.map(input.padded) ?? input, filter: filter,
      output: spec.outputShape(input: input, filter: filter), stride: spec.stride,
      padding: Margin(rows: margin, columns: margin), format: format)
  }
}

extension ConvolutionProblem: CustomStringConvertible {
  /// For example `convolution [1, 64, 64, 256] → [1, 64, 64, 256], filter 3×3, stride 1, padding 1×1`.
  var description: String {
    """
    \(verb.rawValue) \(input) → \(output), filter \(filter[1])×\(filter[2]), stride \(stride), \
    padding \(padding.rows)×\(padding.columns)
    """
  }
}

extension ConvolutionSpec {
  /// Pixels of a mirrored border; nil where there is none.
  var reflection: Int? {
    if case .reflect(let amount) = padding, amount > 0 { amount } else { nil }
  }
}

extension Shape {
  /// With so many rows and columns more on each side.
  func padded(_ amount: Int) -> Shape {
    Shape(
      batch: batch, height: height + 2 * amount, width: width + 2 * amount, channels: channels)
  }
}
