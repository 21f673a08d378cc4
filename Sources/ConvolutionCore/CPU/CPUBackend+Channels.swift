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

  /// See `PointwiseOperations.shift`.
  public func shift(_ x: Tensor, by offsets: [PixelOffset]) -> Tensor {
    precondition(offsets.count == x.shape.batch, "\(offsets.count) offsets for \(x.shape)")
    let shape = x.shape, channels = shape.channels
    let result = Tensor(uninitialized: shape)
    withExtendedLifetime((x, result)) {
      let (source, target) = (x.map, result.map)
      pool.forEach(shape.batch * shape.height) { index in
        let (image, y) = index.quotientAndRemainder(dividingBy: shape.height)
        let to = target.rowPointer(image, y), offset = offsets[image]
        to.update(repeating: 0, count: target.row)
        let width = shape.width - abs(offset.columns)
        guard (0..<shape.height).contains(y - offset.rows), width > 0 else { return }
        let from = source.rowPointer(image, y - offset.rows)
        (to + max(0, offset.columns) * channels).update(
          from: from + max(0, -offset.columns) * channels, count: width * channels)
      }
    }
    return result
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
