import ConvolutionCore
import Tensors

/// A convolution with a wide filter, one side of which has few channels, as one over that side
/// unrolled along its rows: a 7×7 filter over 3 channels becomes a 7×1 filter over 21, and zeros up
/// to 32.
///
/// The same products are added up, so it is exact. cuDNN has no Hopper engine for 49 taps, and 3
/// channels waste most of a tensor core's tile; for 7 taps and 32 channels it has engines in all
/// three verbs. Padded to 24, the engine that it recommends first for some verbs is none for tensor
/// cores.
///
/// Where the input is narrow, `u(y, q, (s, c)) = x(y, q + s, c)` of the bordered picture is what is
/// convolved. Where the output is, the convolution makes `t(p, x, (s, o))`, and the output is the sum
/// of t(p, q + s, (s, o)) over s: the adjoint of unrolling it.
struct RowUnrolling {
  /// Whether the input has few channels, or else the output.
  let isOfInput: Bool
  /// `[N, H, W, I]`, without a border.
  let input: Shape
  /// `[I, KH, KW, O]`.
  let filter: Shape
  /// `[N, OH, OW, O]`.
  let output: Shape
  private let padding: ConvolutionSpec.Padding

  /// Filters of so many columns are unrolled, and wider ones.
  private static let leastTaps = 5
  /// More channels than this fill a tensor core without help.
  private static let mostChannels = 32

  /// Nil where a convolution is better left as it is.
  init?(input: Shape, filter: Shape, _ spec: ConvolutionSpec) {
    let narrow = min(filter[0], filter[3]), taps = filter[2]
    guard
      spec.stride == 1, taps >= Self.leastTaps, narrow * taps <= Self.mostChannels,
      spec.padding.amount < taps
    else { return nil }
    isOfInput = filter[0] == narrow
    (self.input, self.filter, padding) = (input, filter, spec.padding)
    output = spec.outputShape(input: input, filter: filter)
  }

  /// The convolution that is left, over bordered rows where they are mirrored.
  func problem(_ verb: ConvolutionProblem.Verb, _ format: ElementFormat) -> ConvolutionProblem {
    let inner: Shape =
      isOfInput
      ? [channels, filter[1], 1, filter[3]] : [filter[0], filter[1], 1, channels]
    return ConvolutionProblem(
      verb: verb, input: isOfInput ? unrolled : isMirrored ? input.padded(amount) : input,
      filter: inner, output: isOfInput ? output : unrolled, stride: 1,
      padding: .init(rows: isMirrored ? 0 : amount, columns: 0), format: format)
  }

  /// The narrow side.
  var narrow: Shape { isOfInput ? input : output }

  /// The narrow side unrolled.
  var unrolled: Shape {
    [
      narrow.batch, narrow.height + (bordersRows ? 2 * border : 0),
      narrow.width + 2 * border - filter[2] + 1, channels,
    ]
  }

  /// Channels of the unrolled side.
  var channels: Int { (narrow.channels * filter[2] + 15) / 16 * 16 }

  /// Columns that stand on each side of the narrow rows before they are unrolled.
  var border: Int {
    // An output's are such that the other side, with its border if that is mirrored, comes out.
    isOfInput ? amount : filter[2] - 1 - (isMirrored ? 0 : amount)
  }

  /// Whether the narrow side's own border is mirrored, rows and columns.
  var bordersRows: Bool { isOfInput && isMirrored }

  private var amount: Int { padding.amount }

  private var isMirrored: Bool { padding == .reflect(amount) }

  /// Tells the narrow side unrolled in this way from itself unrolled in another.
  var name: String { "unrolled \(filter[2]) \(border) \(bordersRows)" }
}
