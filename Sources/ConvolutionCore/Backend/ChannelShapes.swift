import Tensors

extension Shape {
  /// The shape of pictures whose channels stand behind one another.
  ///
  /// Traps unless there are some and they agree in batch, height and width.
  package init(joiningChannels parts: [Shape]) {
    guard let first = parts.first else { preconditionFailure("no channels to concatenate") }
    for part in parts {
      precondition(
        part.dimensions.dropLast() == first.dimensions.dropLast(),
        "channels of \(part) behind those of \(first)")
    }
    self.init(
      batch: first.batch, height: first.height, width: first.width,
      channels: parts.reduce(0) { $0 + $1.channels })
  }

  /// The shape that remains of `[N, H, W, C]` when only some channels are kept.
  package func slicingChannels(_ range: Range<Int>) -> Shape {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= channels, "channels \(range) of \(self)")
    return Shape(batch: batch, height: height, width: width, channels: range.count)
  }

  /// Pixels of all pictures of `[N, H, W, C]`.
  package var pixels: Int { batch * height * width }
}
