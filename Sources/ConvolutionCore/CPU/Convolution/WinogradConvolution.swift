import CKernels
import Tensors

/// Convolution by Winograd's minimal filtering, all three verbs.
///
/// At stride 2 the input counts as four pictures, its phases, side by side in the channels. Where a
/// phase meets fewer taps, the products that must be zero are left out.
///
/// Tiles of the input are transformed, `V = Bᵀ x B`, and the filter, `U = G g Gᵀ`; they are multiplied
/// at each of n² points, and transformed back, `y = Aᵀ (V U) A`. Both gradients share one transform
/// `Y = A dy Aᵀ`: the filter's is `Gᵀ (VᵀY) G`; the input's is the exact adjoint `B (Y Uᵀ) Bᵀ`,
/// overlap-added, which folds mirrored padding on the way and computes no tiles beyond the border.
///
/// Memory sets the pace of all but the products, so there are two orders of work. *By panels*, a task
/// takes a panel or two of the result through all points, and what it makes on the way stays in its
/// core's cache; but every task reads the transformed tiles anew, so this is for few of them. *By
/// points*, all that is transformed goes to memory once and comes back once, a block of tiles at a
/// time, and a task multiplies what a core's cache holds: one point's tiles by its filters.
/// - SeeAlso: Lavin and Gray, arXiv:1509.09308.
struct WinogradConvolution {
  let kind: kernels_winograd
  let geometry: ConvolutionGeometry
  let kernels: Kernels
  let pool: ThreadPool
  let caches: CPUBackend.Caches

  let phases: [WinogradPhase]
  /// Points along a side of a tile, n.
  let side: Int
  /// For each point, the input's panels whose filters can differ from zero there.
  let inputRuns: [[Range<Int>]]
  /// Output pixels of a tile, a side.
  let tile: Int
  let across: Int, down: Int
  /// Tile rows per block; the rows of all pictures are numbered through.
  let rowsPerBlock: Int

  init(kind: kernels_winograd, _ geometry: ConvolutionGeometry, _ backend: CPUBackend) {
    self.kind = kind
    self.geometry = geometry
    kernels = backend.kernels
    pool = backend.pool
    caches = backend.caches
    phases = WinogradPhase.all(geometry)
    (side, tile) =
      switch kind {
      case WINOGRAD_2X2_3X3: (4, 2)
      case WINOGRAD_4X4_2X2: (5, 4)
      case WINOGRAD_4X4_3X3: (6, 4)
      default: (6, 3)
      }
    across = blocks(of: tile, covering: geometry.outputWidth)
    down = blocks(of: tile, covering: geometry.outputHeight)
    inputRuns = (0..<side * side).map { [phases, side] point in
      WinogradPhase.runs(of: phases, panels: geometry.inputChannels / 16) {
        $0.has(point: point, of: side)
      }
    }
    let channels = max(phases.count * geometry.inputChannels, geometry.outputChannels)
    let tiles = caches.blockFloats / (side * side * channels)
    rowsPerBlock = min(max(1, tiles / across), down * geometry.batch)
  }

  var tileRows: Int { down * geometry.batch }
  /// Products per tile.
  var points: Int { side * side }
  var panelsPerPhase: Int { geometry.inputChannels / 16 }
  /// Panels of the input's channels, phase after phase.
  var inputPanels: Int { phases.count * panelsPerPhase }
  var outputPanels: Int { geometry.outputChannels / 16 }
  var tilesPerBlock: Int { rowsPerBlock * across }

  /// Tile rows `first ..< first + count` of one block.
  struct Block {
    let first: Int, count: Int
    let isLast: Bool
    var isFirst: Bool { first == 0 }
    var isWhole: Bool { isFirst && isLast }
  }

  func forEachBlock(_ body: (Block) -> Void) {
    for first in stride(from: 0, to: tileRows, by: rowsPerBlock) {
      let count = min(rowsPerBlock, tileRows - first)
      body(Block(first: first, count: count, isLast: first + count == tileRows))
    }
  }

  /// Whether to work by panels, each of which reads the planes of all tiles and so many panels.
  private func worksByPanels(reading panels: Int) -> Bool {
    points * panels * tileRows * across * 16 <= caches.sharedFloats
  }

  // MARK: Verbs

  /// y from x.
  func convolution(_ x: Map, filter: Tensor, bias: Tensor?, into y: Map) {
    let filters = WinogradFilters(of: filter, for: self)
    if worksByPanels(reading: inputPanels) {
      convolutionByPanels(x, filters: filters, bias: bias, into: y)
    } else {
      convolutionByPoints(x, filters: filters, bias: bias, into: y)
    }
  }

  /// Either or both gradients from dy; both are written.
  ///
  /// - Parameters:
  ///   - bias: Added to every pixel of `dx`: what a transposed convolution needs.
  ///   - dw: The storage of the filter's gradient.
  func gradients(
    x: Map?, filter: Tensor, dy: Map, inputGradient dx: Map?, bias: Tensor? = nil,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    let filters = dx == nil ? nil : WinogradFilters(of: filter, backFor: self)
    // A panel's sums for the filter are not kept from block to block. The products of four phases are
    // more than what they come from: they had better stay inside.
    let byPanels =
      dw == nil
      ? phases.count > 1 || worksByPanels(reading: outputPanels)
      : rowsPerBlock == tileRows && worksByPanels(reading: max(inputPanels, outputPanels))
    if byPanels {
      gradientsByPanels(
        x: x, filters: filters, dy: dy, inputGradient: dx, bias: bias, filterGradient: dw)
    } else {
      gradientsByPoints(
        x: x, filters: filters, dy: dy, inputGradient: dx, bias: bias, filterGradient: dw)
    }
  }
}
