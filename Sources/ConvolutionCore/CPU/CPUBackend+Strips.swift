import Tensors

// Memory sets the pace here: plain loops over channels, which the compiler makes vectors of.

extension CPUBackend: StripOperations {
  /// See `StripOperations.channelSums`.
  ///
  /// Short runs of pixels are added up in floats, the runs in double precision and in their order.
  public func channelSums(_ x: Tensor, about origin: [Float])
    -> (plain: [Double], squares: [Double])
  {
    let channels = x.shape.channels, pixels = x.shape.pixels
    precondition(origin.count == channels, "\(origin.count) origins for \(channels) channels")
    let length = pixelsPerRun(channels)
    let runs = (pixels + length - 1) / length
    let partial = [Float](unsafeUninitializedCapacity: runs * 2 * channels) { sums, filled in
      filled = runs * 2 * channels
      sums.initialize(repeating: 0)
      let base = sums.baseAddress!
      x.withPointer { x in
        origin.withUnsafeBufferPointer { origin in
          pool.forEach(runs) { run in
            let plain = base + run * 2 * channels
            addUp(
              x, run * length..<min(pixels, (run + 1) * length), about: origin.baseAddress!,
              channels, into: plain, plain + channels)
          }
        }
      }
    }
    var plain = [Double](repeating: 0, count: channels), squares = plain
    for run in 0..<runs {
      for channel in 0..<channels {
        plain[channel] += Double(partial[run * 2 * channels + channel])
        squares[channel] += Double(partial[(run * 2 + 1) * channels + channel])
      }
    }
    return (plain, squares)
  }

  private func pixelsPerRun(_ channels: Int) -> Int { max(16, 8192 / channels) }

  @inline(__always)
  private func addUp(
    _ x: UnsafePointer<Float>, _ pixels: Range<Int>, about origin: UnsafePointer<Float>,
    _ channels: Int, into plain: UnsafeMutablePointer<Float>,
    _ squares: UnsafeMutablePointer<Float>
  ) {
    for pixel in pixels {
      let values = x + pixel * channels
      for c in 0..<channels {
        let difference = values[c] - origin[c]
        plain[c] += difference
        squares[c] += difference * difference
      }
    }
  }
}
