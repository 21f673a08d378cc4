import Tensors

extension CPUBackend {
  /// See `PointwiseOperations.concatenateChannels`.
  public func concatenateChannels(_ parts: [Tensor]) -> Tensor {
    let shape = Shape(joiningChannels: parts.map(\.shape))
    var joined = Tensor(uninitialized: shape)
    var offset = 0
    for part in parts {
      let channels = part.shape.channels
      joined.withMutablePointer { joined in
        part.withPointer { part in
          copyRows(
            from: part, stride: channels, to: joined + offset, stride: shape.channels,
            length: channels, count: shape.pixels)
        }
      }
      offset += channels
    }
    return joined
  }

  /// See `PointwiseOperations.sliceChannels`.
  public func sliceChannels(_ x: Tensor, _ channels: Range<Int>) -> Tensor {
    let shape = x.shape.slicingChannels(channels)
    var slice = Tensor(uninitialized: shape)
    slice.withMutablePointer { slice in
      x.withPointer { source in
        copyRows(
          from: source + channels.lowerBound, stride: x.shape.channels, to: slice,
          stride: channels.count, length: channels.count, count: shape.pixels)
      }
    }
    return slice
  }

  /// Copies `length` floats for each of `count` pixels.
  private func copyRows(
    from source: UnsafePointer<Float>, stride sourceStride: Int,
    to target: UnsafeMutablePointer<Float>, stride targetStride: Int, length: Int, count: Int
  ) {
    let perTask = max(1, Self.spanLength / max(1, length))
    pool.forEach((count + perTask - 1) / perTask) { task in
      for pixel in task * perTask..<min(count, (task + 1) * perTask) {
        (target + pixel * targetStride).update(from: source + pixel * sourceStride, count: length)
      }
    }
  }
}
