import Tensors

/// A convolution whose window is the whole picture: one pixel comes of it, or, read backwards, a
/// picture comes of one pixel.
///
/// That is a fully connected layer: a 1×1 convolution over a row of N pixels with I·KH·KW input
/// channels. Taken for what it looks like, nearly all products of the transposed one would be with
/// padding. The filter `[I, KH, KW, O]` is the other layer's as it lies there; pictures
/// `[N, KH, KW, I]` have their channels brought to the front.
struct WholeWindow {
  private let geometry: ConvolutionGeometry
  private let backend: CPUBackend

  /// Nil where windows are parts of the picture, or single pixels, which are connected as they are.
  init?(_ geometry: ConvolutionGeometry, on backend: CPUBackend) {
    guard geometry.padding == 0, geometry.kernelHeight == geometry.height,
      geometry.kernelWidth == geometry.width, geometry.height * geometry.width > 1
    else { return nil }
    self.geometry = geometry
    self.backend = backend
  }

  /// `[N, 1, 1, O]`.
  func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?) -> Tensor {
    backend.convolution(inputRow(x), filter: flat(filter), bias: bias, ConvolutionSpec())
      .reshaped(geometry.outputShape)
  }

  /// `[N, KH, KW, I]`.
  func inputGradient(_ dy: Tensor, filter: Tensor, bias: Tensor?) -> Tensor {
    let row = backend.convolutionInputGradient(
      outputRow(dy), filter: flat(filter), bias: bias.map(spread), ConvolutionSpec(),
      inputShape: [1, 1, geometry.batch, inputs])
    return backend.transposed(
      row, count: geometry.batch, rows: geometry.inputChannels, columns: taps
    ).reshaped(geometry.inputShape)
  }

  /// `[I, KH, KW, O]`.
  func filterGradient(_ x: Tensor, _ dy: Tensor) -> Tensor {
    backend.convolutionFilterGradient(
      inputRow(x), outputRow(dy), ConvolutionSpec(),
      filterShape: [inputs, 1, 1, geometry.outputChannels]
    ).reshaped(geometry.filterShape)
  }

  private var taps: Int { geometry.kernelHeight * geometry.kernelWidth }
  private var inputs: Int { geometry.inputChannels * taps }

  /// `[1, 1, N, I · KH · KW]` of pictures `[N, KH, KW, I]`.
  private func inputRow(_ x: Tensor) -> Tensor {
    backend.transposed(x, count: geometry.batch, rows: taps, columns: geometry.inputChannels)
      .reshaped([1, 1, geometry.batch, inputs])
  }

  private func outputRow(_ dy: Tensor) -> Tensor {
    dy.reshaped([1, 1, geometry.batch, geometry.outputChannels])
  }

  private func flat(_ filter: Tensor) -> Tensor {
    filter.reshaped([inputs, 1, 1, geometry.outputChannels])
  }

  /// Each channel's bias for all of its pixels.
  private func spread(_ bias: Tensor) -> Tensor {
    Tensor([inputs], bias.values.flatMap { [Float](repeating: $0, count: taps) })
  }
}

extension CPUBackend {
  /// Transposes each of `count` matrices `[rows, columns]`.
  fileprivate func transposed(_ x: Tensor, count: Int, rows: Int, columns: Int) -> Tensor {
    var result = Tensor(uninitialized: [count, columns, rows])
    result.withMutablePointer { result in
      x.withPointer { x in
        pool.forEach(count) { matrix in
          let from = x + matrix * rows * columns, to = result + matrix * rows * columns
          for column in 0..<columns {
            for row in 0..<rows { to[column * rows + row] = from[row * columns + column] }
          }
        }
      }
    }
    return result
  }
}
