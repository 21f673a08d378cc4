import ConvolutionCore
import Tensors

// Putting channels together and taking some out: the gradient of each is the other.

/// Puts pictures of equal batch, height and width behind one another along the channels.
///
/// - Returns: `[N, H, W, C₁ + C₂ + …]`.
public func concatenateChannels(_ parts: [Variable]) -> Variable {
  precondition(!parts.isEmpty, "no channels to concatenate")
  let tape = parts[0].tape
  var ranges: [Range<Int>] = []
  for part in parts {
    let start = ranges.last?.upperBound ?? 0
    ranges.append(start..<start + part.shape.channels)
  }
  return tape.record(tape.backend.concatenateChannels(parts.map(\.value)), from: parts) { pull in
    ranges.indices.map { pull.wants($0) ? pull.dy.channels(ranges[$0]) : nil }
  }
}

extension Variable {
  /// Some channels of `[N, H, W, C]`.
  public func channels(_ range: Range<Int>) -> Variable {
    let whole = shape
    return tape.record(
      tape.backend.sliceChannels(value, range),
      (
        self,
        { dy in
          let before = dy.zeros(whole, channels: range.lowerBound)
          let after = dy.zeros(whole, channels: whole.channels - range.upperBound)
          return concatenateChannels([before, dy, after].filter { $0.shape.channels > 0 })
        }
      ))
  }

  private func zeros(_ shape: Shape, channels: Int) -> Variable {
    tape.constant(
      Tensor(
        zeros: Shape(
          batch: shape.batch, height: shape.height, width: shape.width, channels: channels)))
  }
}
