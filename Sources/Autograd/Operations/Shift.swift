import ConvolutionCore

extension Variable {
  /// Moves each picture by whole pixels, and its gradient back.
  ///
  /// Zeros come in from outside.
  /// - Parameter offsets: Where the pixel at (0, 0) goes, one per picture.
  public func shifted(by offsets: [PixelOffset]) -> Variable {
    tape.record(
      tape.backend.shift(value, by: offsets),
      (self, { dy in dy.shifted(by: offsets.map(\.opposite)) }))
  }
}
