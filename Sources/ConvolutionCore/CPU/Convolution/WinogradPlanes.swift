import Tensors

/// Transformed data, filters or products: `[n²][panels][rows][16]`, a plane for each point.
///
/// A view; whoever makes it keeps the memory alive for as long as it is used.
struct WinogradPlanes {
  private let start: UnsafeMutablePointer<Float>
  /// Floats between planes.
  let plane: Int
  /// Floats between panels.
  let panel: Int
  /// Whether such planes, once written, will have left the caches before they are read.
  ///
  /// They then go past them: a line that is written whole need not be fetched first.
  let areLarge: Bool

  /// The first float of a panel at a point.
  func at(_ point: Int, _ panel: Int) -> UnsafeMutablePointer<Float> {
    start + point * plane + panel * self.panel
  }

  fileprivate init(
    _ memory: UnsafeMutablePointer<Float>, plane: Int, panels: Range<Int>, rows: Int,
    areLarge: Bool
  ) {
    panel = rows * 16
    self.plane = plane
    start = memory - panels.lowerBound * panel
    self.areLarge = areLarge
  }
}

extension WinogradConvolution {
  /// Planes of some panels in memory that holds `planeFloats(panels:rows:)` floats.
  ///
  /// - Parameters:
  ///   - panels: The panels that are there; others are left out.
  ///   - rows: Tiles, or channels of a filter.
  private func planes(_ memory: UnsafeMutablePointer<Float>, panels: Range<Int>, rows: Int)
    -> WinogradPlanes
  {
    let count = planeFloats(panels: panels.count, rows: rows)
    return WinogradPlanes(
      memory, plane: count / points, panels: panels, rows: rows,
      areLarge: count > caches.sharedFloats)
  }

  /// The floats that planes take.
  private func planeFloats(panels: Int, rows: Int) -> Int {
    // Planes a power of two apart would share cache sets: hence the last 16.
    points * (panels * rows * 16 + 16)
  }

  /// Lends planes whose contents are undefined.
  func withPlanes(panels: Range<Int>, rows: Int, _ body: (WinogradPlanes) -> Void) {
    Workspace.with(planeFloats(panels: panels.count, rows: rows)) {
      body(planes($0, panels: panels, rows: rows))
    }
  }

  /// Lends planes for the tiles of a block.
  func withTilePlanes(panels: Range<Int>, _ body: (WinogradPlanes) -> Void) {
    withPlanes(panels: panels, rows: tilesPerBlock, body)
  }

  /// Lends planes of inputs and of outputs, in one piece of memory: fewer sizes go round.
  func withTilePlanes(_ body: (_ inputs: WinogradPlanes, _ outputs: WinogradPlanes) -> Void) {
    let inputFloats = planeFloats(panels: inputPanels, rows: tilesPerBlock)
    let outputFloats = planeFloats(panels: outputPanels, rows: tilesPerBlock)
    Workspace.with(inputFloats + outputFloats) { memory in
      body(
        planes(memory, panels: 0..<inputPanels, rows: tilesPerBlock),
        planes(memory + inputFloats, panels: 0..<outputPanels, rows: tilesPerBlock))
    }
  }
}
