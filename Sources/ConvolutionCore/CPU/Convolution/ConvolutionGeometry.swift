import Tensors

/// The extents of one convolution under their own names.
struct ConvolutionGeometry {
  let batch: Int
  let height: Int, width: Int, inputChannels: Int
  let outputHeight: Int, outputWidth: Int, outputChannels: Int
  let kernelHeight: Int, kernelWidth: Int
  let stride: Int, padding: Int
  let reflects: Bool

  /// Traps unless input, filter and spec fit.
  init(input: Shape, filter: Shape, _ spec: ConvolutionSpec) {
    let output = spec.outputShape(input: input, filter: filter)
    batch = input.batch
    height = input.height
    width = input.width
    inputChannels = input.channels
    outputHeight = output.height
    outputWidth = output.width
    outputChannels = output.channels
    kernelHeight = filter[1]
    kernelWidth = filter[2]
    stride = spec.stride
    padding = spec.padding.amount
    if case .reflect(let amount) = spec.padding, amount > 0 {
      reflects = true
    } else {
      reflects = false
    }
  }

  var inputShape: Shape { [batch, height, width, inputChannels] }
  var outputShape: Shape { [batch, outputHeight, outputWidth, outputChannels] }
  var filterShape: Shape { [inputChannels, kernelHeight, kernelWidth, outputChannels] }
  var paddedHeight: Int { height + 2 * padding }
  var paddedWidth: Int { width + 2 * padding }
}

/// How many blocks of `size` cover `count`.
func blocks(of size: Int, covering count: Int) -> Int { (count + size - 1) / size }
