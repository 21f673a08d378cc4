import Tensors

// The unsafe room of the CPU convolutions: views of pictures in memory and the copies that pad and
// pack them. Whoever makes a view keeps the memory alive for as long as the view is used.

/// A batch of pictures `[batch][height][width][channels]` in memory.
struct Map {
  let pointer: UnsafeMutablePointer<Float>
  let batch: Int, height: Int, width: Int, channels: Int

  var row: Int { width * channels }
  var picture: Int { height * row }
  var count: Int { batch * picture }

  func rowPointer(_ image: Int, _ y: Int) -> UnsafeMutablePointer<Float> {
    pointer + image * picture + y * row
  }

  func zero() { pointer.update(repeating: 0, count: count) }
}

/// Memory for one call, given back to the pool when released.
final class Workspace {
  let storage: TensorStorage
  var pointer: UnsafeMutablePointer<Float> { storage.pointer }

  init(_ count: Int) { storage = TensorStorage(count: max(count, 1)) }

  /// Memory that lives as long as the closure runs.
  static func with<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    try MemoryPool.lend(count, body)
  }
}

extension Map {
  /// A map that lives as long as the closure runs; its contents are undefined.
  static func with<Result>(
    batch: Int, height: Int, width: Int, channels: Int, _ body: (Map) throws -> Result
  ) rethrows -> Result {
    try Workspace.with(batch * height * width * channels) {
      try body(Map(pointer: $0, batch: batch, height: height, width: width, channels: channels))
    }
  }
}

extension Tensor {
  /// A view for reading.
  ///
  /// The tensor must outlive it: use inside `withExtendedLifetime`.
  var map: Map {
    Map(
      pointer: storage.pointer, batch: shape.batch, height: shape.height, width: shape.width,
      channels: shape.channels)
  }
}

/// Margins round a picture, in pixels.
struct Margins {
  var top: Int, left: Int, bottom: Int, right: Int

  init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  init(_ all: Int) { self.init(top: all, left: all, bottom: all, right: all) }

  var isEmpty: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }
}

/// Copies a pixel's panel of 16 channels; those that do not exist become zero.
@inline(__always)
func copyPanel(
  _ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, valid: Int
) {
  if valid == 16 {
    let panel = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Float>.self)
    UnsafeMutableRawPointer(target).storeBytes(of: panel, as: SIMD16<Float>.self)
  } else {
    target.update(from: source, count: valid)
    (target + valid).update(repeating: 0, count: 16 - valid)
  }
}

/// Position that stands at `i` when a row of `extent` is mirrored at its border pixels.
func reflected(_ i: Int, _ extent: Int) -> Int {
  i < 0 ? -i : (i >= extent ? 2 * extent - 2 - i : i)
}

/// Where the positions of a padded row or column lie in what was padded.
struct PaddedPositions {
  private let extent: Int, margin: Int, reflects: Bool

  init(_ extent: Int, margin: Int, reflects: Bool) {
    self.extent = extent
    self.margin = margin
    self.reflects = reflects
  }

  /// nil where nothing but zero stands.
  subscript(position: Int) -> Int? {
    let inside = position - margin
    if inside >= 0 && inside < extent { return inside }
    return reflects ? reflected(inside, extent) : nil
  }

  /// The taps of a window at a position that meet more than zero; they have no gaps.
  func taps(at start: Int, count: Int) -> Range<Int> {
    if reflects { return 0..<count }
    let first = max(0, margin - start)
    return first..<max(first, min(count, extent + margin - start))
  }
}

extension ThreadPool {
  /// Lends a map with margins of zeros or of its mirror image: a copy, or itself without margins.
  func withPadded<Result>(
    _ source: Map, _ margins: Margins, reflecting: Bool, _ body: (Map) throws -> Result
  ) rethrows -> Result {
    if margins.isEmpty { return try body(source) }
    return try Map.with(
      batch: source.batch, height: source.height + margins.top + margins.bottom,
      width: source.width + margins.left + margins.right, channels: source.channels
    ) { target in
      fill(target, from: source, margins, reflecting: reflecting)
      return try body(target)
    }
  }

  private func fill(_ target: Map, from source: Map, _ margins: Margins, reflecting: Bool) {
    let channels = source.channels
    forEach(target.batch * target.height) { index in
      let (image, targetY) = index.quotientAndRemainder(dividingBy: target.height)
      let to = target.rowPointer(image, targetY)
      var y = targetY - margins.top
      if y < 0 || y >= source.height {
        guard reflecting else {
          to.update(repeating: 0, count: target.row)
          return
        }
        y = reflected(y, source.height)
      }
      let from = source.rowPointer(image, y)
      (to + margins.left * channels).update(from: from, count: source.row)
      let right = margins.left + source.width
      guard reflecting else {
        to.update(repeating: 0, count: margins.left * channels)
        (to + right * channels).update(repeating: 0, count: margins.right * channels)
        return
      }
      for x in 0..<target.width where x < margins.left || x >= right {
        (to + x * channels).update(
          from: from + reflected(x - margins.left, source.width) * channels, count: channels)
      }
    }
  }

  /// The adjoint of mirrored padding: adds the margins of `padded` onto what they mirror and
  /// writes the inside to `target`.
  func folded(_ padded: Map, margin: Int, into target: Map) {
    let channels = target.channels
    forEach(target.batch * target.height) { index in
      let (image, y) = index.quotientAndRemainder(dividingBy: target.height)
      let to = target.rowPointer(image, y)
      to.update(from: padded.rowPointer(image, y + margin) + margin * channels, count: target.row)
      for sourceY in 0..<padded.height {
        let mirrored = reflected(sourceY - margin, target.height) == y
        guard mirrored else { continue }
        let from = padded.rowPointer(image, sourceY)
        let isInside = sourceY == y + margin
        for sourceX in 0..<padded.width {
          let x = reflected(sourceX - margin, target.width)
          if isInside && sourceX == x + margin { continue }
          for c in 0..<channels { to[x * channels + c] += from[sourceX * channels + c] }
        }
      }
    }
  }

  /// Packs a map, with margins, into panels `[channels / 16][batch][rows][columns][16]`; channels
  /// that do not exist are zero.
  func panels(_ source: Map, _ margins: Margins, reflecting: Bool) -> Workspace {
    let height = source.height + margins.top + margins.bottom
    let width = source.width + margins.left + margins.right
    let panelCount = blocks(of: 16, covering: source.channels)
    let panel = source.batch * height * width * 16
    let workspace = Workspace(panelCount * panel)
    let target = workspace.pointer
    forEach(source.batch * height) { index in
      let (image, targetY) = index.quotientAndRemainder(dividingBy: height)
      let y = targetY - margins.top
      let outside = y < 0 || y >= source.height
      let from = source.rowPointer(
        image, outside ? reflected(y, source.height).clamped(source.height) : y)
      for block in 0..<panelCount {
        let to = target + block * panel + index * width * 16
        if outside && !reflecting {
          to.update(repeating: 0, count: width * 16)
          continue
        }
        let valid = min(16, source.channels - block * 16)
        for targetX in 0..<width {
          var x = targetX - margins.left
          let pixel = to + targetX * 16
          if x < 0 || x >= source.width {
            guard reflecting else {
              pixel.update(repeating: 0, count: 16)
              continue
            }
            x = reflected(x, source.width)
          }
          copyPanel(from + x * source.channels + block * 16, to: pixel, valid: valid)
        }
      }
    }
    return workspace
  }
}

extension Int {
  /// This index, moved into `0 ..< count`.
  fileprivate func clamped(_ count: Int) -> Int { Swift.min(Swift.max(self, 0), count - 1) }
}
