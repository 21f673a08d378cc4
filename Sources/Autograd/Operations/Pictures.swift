import ConvolutionCore
import Tensors

// Putting pictures into one batch and taking some out. In memory, pictures follow one another as the
// channels of a single pixel would.

/// Puts batches of equal pictures behind one another.
///
/// - Returns: `[N₁ + N₂ + …, H, W, C]`.
public func concatenatePictures(_ parts: [Variable]) -> Variable {
  let shape = parts[0].shape
  let batch = parts.reduce(0) { $0 + $1.shape.batch }
  return concatenateChannels(parts.map { $0.reshaped([1, 1, 1, $0.shape.count]) }).reshaped(
    [batch, shape.height, shape.width, shape.channels])
}

extension Variable {
  /// Some pictures of `[N, H, W, C]`.
  public func pictures(_ range: Range<Int>) -> Variable {
    let size = shape.height * shape.width * shape.channels
    return reshaped([1, 1, 1, shape.count])
      .channels(range.lowerBound * size..<range.upperBound * size)
      .reshaped([range.count, shape.height, shape.width, shape.channels])
  }
}
