/// The pixels of one remainder by the stride, along both axes, and the taps that meet them.
///
/// A strided convolution is a sum of stride-1 convolutions, one per phase, of pictures and filters
/// that are smaller by the stride. At stride 1 there is one phase: the picture.
struct WinogradPhase {
  let row: Axis, column: Axis

  struct Axis {
    /// The phase's first pixel.
    let start: Int
    /// Its pixels between the first window's begin and its own.
    let padding: Int
    /// The filter's first tap that meets it, and how many do: every stride-th.
    let taps: (first: Int, count: Int)
    /// Whether it meets fewer taps than other phases do.
    let isShort: Bool

    init(start: Int, stride: Int, padding: Int, kernel: Int) {
      self.start = start
      self.padding = (padding + start) / stride
      let first = (padding + start) % stride
      taps = (first, blocks(of: stride, covering: kernel - first))
      isShort = taps.count < blocks(of: stride, covering: kernel)
    }
  }

  static func all(_ g: ConvolutionGeometry) -> [WinogradPhase] {
    func axes(kernel: Int) -> [Axis] {
      (0..<g.stride).map {
        Axis(start: $0, stride: g.stride, padding: g.padding, kernel: kernel)
      }
    }
    return axes(kernel: g.kernelHeight).flatMap { row in
      axes(kernel: g.kernelWidth).map { WinogradPhase(row: row, column: $0) }
    }
  }

  /// The panels of those phases that meet a condition, where each phase has so many, in runs.
  static func runs(
    of phases: [WinogradPhase], panels: Int, where isMet: (WinogradPhase) -> Bool
  ) -> [Range<Int>] {
    phases.enumerated().filter { isMet($1) }.reduce(into: []) { runs, phase in
      let first = phase.offset * panels
      let begin = runs.last?.upperBound == first ? runs.removeLast().lowerBound : first
      runs.append(begin..<first + panels)
    }
  }

  /// Whether a point of the transformed filter, numbered row by row, can differ from zero: the
  /// infinite point, the last, sees the last tap alone.
  func has(point: Int, of pointsPerSide: Int) -> Bool {
    let (y, x) = point.quotientAndRemainder(dividingBy: pointsPerSide)
    let last = pointsPerSide - 1
    return !(y == last && row.isShort) && !(x == last && column.isShort)
  }
}
