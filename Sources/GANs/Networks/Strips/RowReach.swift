/// Which rows of its input a convolution needs for rows of its output.
package enum RowReach: Hashable, Sendable {
  /// A convolution that keeps or lowers the resolution.
  case convolution(kernel: Int, stride: Int, padding: Int)
  /// A transposed convolution.
  case transposed(kernel: Int, stride: Int, padding: Int, outputPadding: Int)
  /// Pixels repeated `factor` times, then a convolution that keeps the resolution.
  case repeated(factor: Int, kernel: Int)

  /// Rows of the output for so many of the input; the same holds for columns.
  package func output(of input: Int) -> Int {
    switch self {
    case .convolution(let kernel, let stride, let padding):
      (input + 2 * padding - kernel) / stride + 1
    case .transposed(let kernel, let stride, let padding, let outputPadding):
      (input - 1) * stride - 2 * padding + kernel + outputPadding
    case .repeated(let factor, _): input * factor
    }
  }

  /// The rows of an input that suffice for some rows of the output.
  ///
  /// A convolution of these rows alone pads them at both ends, and what it makes of the padding is
  /// of no use inside the picture; the rows asked for are clear of that.
  package func input(for rows: Range<Int>, of height: Int) -> Range<Int> {
    switch self {
    case .convolution(let kernel, let stride, let padding):
      let first = max(0, rows.lowerBound * stride - padding) / stride * stride
      let end = (rows.upperBound - 1) * stride - padding + kernel
      return first..<min(height, end)
    case .transposed(let kernel, let stride, let padding, _):
      let room = rows.lowerBound + padding - kernel + 1
      let first = max(0, min(room > 0 ? (room + stride - 1) / stride : 0, rows.lowerBound / stride))
      let end = (rows.upperBound - 1 + padding) / stride + 1
      return first..<min(height, end)
    case .repeated(let factor, let kernel):
      let first = max(0, rows.lowerBound - kernel / 2) / factor
      let end = (rows.upperBound - 1 + kernel / 2) / factor + 1
      return first..<min(height, end)
    }
  }

  /// The row of the output that the first row stands for which is made of rows from `input` on.
  package func firstOutput(ofRowsFrom input: Int) -> Int {
    switch self {
    case .convolution(_, let stride, _): input / stride
    case .transposed(_, let stride, _, _): input * stride
    case .repeated(let factor, _): input * factor
    }
  }

  /// Multiplications for one output element, for so many input channels.
  package func multiplications(inputChannels: Int) -> Int {
    switch self {
    case .convolution(let kernel, _, _): kernel * kernel * inputChannels
    case .transposed(let kernel, let stride, _, _):
      kernel * kernel * inputChannels / (stride * stride)
    case .repeated(_, let kernel): kernel * kernel * inputChannels
    }
  }
}
