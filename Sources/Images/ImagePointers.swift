import CImageCodecs
import Tensors

// One of this target's two unsafe rooms: loops over samples that must be quick.

/// Where the samples of a rearranged picture come from, counted in pixels of the source.
struct PixelWalk {
  /// The source of the top left pixel.
  let origin: Int
  /// How far the source moves for a step to the right.
  let stepX: Int
  /// How far the source moves for a step down.
  let stepY: Int
}

extension Image {
  /// The picture of `width` × `height` pixels that are found by walking over this one.
  func walked(_ walk: PixelWalk, width: Int, height: Int) -> Image {
    let corners = [0, walk.stepX * (width - 1)].flatMap { across in
      [0, walk.stepY * (height - 1)].map { down in walk.origin + across + down }
    }
    precondition(
      corners.allSatisfy { (0..<self.width * self.height).contains($0) },
      "\(walk) of \(width)×\(height) leaves a picture of \(self.width)×\(self.height)")
    let count = width * height * channels
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      samples.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let from = source.baseAddress! + (walk.origin + y * walk.stepY) * channels
          let to = target.baseAddress! + y * width * channels
          copyPixels(from: from, step: walk.stepX, to: to, count: width)
        }
      }
      filled = count
    }
    return Image(width: width, height: height, channels: channels, samples: result)
  }

  /// The picture of chosen columns and rows, each as often as it is named.
  func picking(columns: [Int], rows: [Int]) -> Image {
    precondition(
      columns.allSatisfy((0..<width).contains) && rows.allSatisfy((0..<height).contains),
      "columns or rows beyond \(width)×\(height)")
    let runs = PixelRun.all(columns), row = columns.count * channels
    var lines = [Int?](repeating: nil, count: height)
    let result = [UInt8](unsafeUninitializedCapacity: row * rows.count) { target, filled in
      samples.withUnsafeBufferPointer { source in
        for (line, y) in rows.enumerated() {
          var to = target.baseAddress! + line * row
          if let same = lines[y] {
            to.update(from: target.baseAddress! + same * row, count: row)
            continue
          }
          lines[y] = line
          let from = source.baseAddress! + y * width * channels
          for run in runs {
            copyPixels(
              from: from + run.first * channels, step: run.step, to: to, count: run.count)
            to += run.count * channels
          }
        }
      }
      filled = row * rows.count
    }
    return Image(width: columns.count, height: rows.count, channels: channels, samples: result)
  }

  private func copyPixels(
    from source: UnsafePointer<UInt8>, step: Int, to target: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    if step == 1 {
      target.update(from: source, count: count * channels)
    } else if channels == 3 {
      for x in 0..<count {
        let from = source + x * step * 3
        let to = target + x * 3
        to[0] = from[0]
        to[1] = from[1]
        to[2] = from[2]
      }
    } else {
      for x in 0..<count {
        for channel in 0..<channels {
          target[x * channels + channel] = source[x * step * channels + channel]
        }
      }
    }
  }

  /// Weighted sums of neighbours along the rows.
  func resampledRows(_ taps: ResamplingTaps) -> Image {
    let width = taps.starts.count
    let count = width * height * channels, room = 32 * (self.width + width) * channels
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { scratch in
        taps.withPointers { taps in
          resample_rows(
            samples, self.width, target.baseAddress, width, height, channels, taps,
            scratch.baseAddress)
        }
      }
      filled = count
    }
    return Image(width: width, height: height, channels: channels, samples: result)
  }

  /// Weighted sums of neighbours along the columns.
  func resampledColumns(_ taps: ResamplingTaps) -> Image {
    let height = taps.starts.count, row = width * channels
    let count = row * height
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      taps.withPointers { taps in
        resample_columns(samples, target.baseAddress, row, height, taps)
      }
      filled = count
    }
    return Image(width: width, height: height, channels: channels, samples: result)
  }
}

extension ResamplingTaps {
  fileprivate func withPointers(_ body: (resample_taps) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      counts.withUnsafeBufferPointer { counts in
        weights.withUnsafeBufferPointer { weights in
          body(
            resample_taps(
              starts: starts.baseAddress, counts: counts.baseAddress,
              weights: weights.baseAddress, stride: stride))
        }
      }
    }
  }
}

extension Tensor {
  /// Writes the samples of a picture as −1…1, from element `start` on.
  mutating func fill(from start: Int, with image: Image) {
    precondition(start + image.samples.count <= count, "a picture beyond the end of \(shape)")
    withMutablePointer { elements in
      image.samples.withUnsafeBufferPointer { samples in
        for index in 0..<samples.count {
          elements[start + index] = Float(samples[index]) / 127.5 - 1
        }
      }
    }
  }

  /// The nearest 8-bit levels of `count` elements in −1…1, from element `start` on.
  func levels(from start: Int, count: Int) -> [UInt8] {
    precondition(start + count <= self.count, "levels beyond the end of \(shape)")
    return [UInt8](unsafeUninitializedCapacity: count) { levels, filled in
      withPointer { elements in
        for index in 0..<count {
          let level = (elements[start + index] + 1) * 127.5
          // Written so that what is not a number becomes 0.
          levels[index] = level > 0 ? UInt8(min(level, 255).rounded()) : 0
        }
      }
      filled = count
    }
  }
}

/// Numbers that follow each other by the same step: up, down, or again and again the same.
private struct PixelRun {
  let first: Int
  private(set) var step: Int
  private(set) var count: Int

  static func all(_ numbers: [Int]) -> [PixelRun] {
    var runs: [PixelRun] = []
    for number in numbers {
      if let last = runs.last, let longer = last.followed(by: number) {
        runs[runs.count - 1] = longer
      } else {
        runs.append(PixelRun(first: number, step: 1, count: 1))
      }
    }
    return runs
  }

  /// This run with one more number, if it goes on like that.
  private func followed(by number: Int) -> PixelRun? {
    let next = number - (first + (count - 1) * step)
    guard abs(next) <= 1, count == 1 || next == step else { return nil }
    return PixelRun(first: first, step: next, count: count + 1)
  }
}
