import CKernels
import Tensors

/// Convolution by Winograd's minimal filtering, all three verbs.
///
/// At stride 2 the input counts as four pictures, its phases, side by side in the channels. Where a
/// phase meets fewer taps, the products that must be zero are left out.
///
/// A block of tiles is transformed, `V = Bᵀ x B`; then each panel of 16 output channels is one task:
/// transform its filters, `U = G g Gᵀ`, multiply `n²` times, and transform back, `y = Aᵀ M A`. What
/// a task makes on the way stays in its core's cache. Both gradients share one transform
/// `Y = A dy Aᵀ`: the filter's is `Gᵀ (VᵀY) G`; the input's is the exact adjoint `B (Y Uᵀ) Bᵀ`,
/// overlap-added, which folds mirrored padding on the way and computes no tiles beyond the border.
/// - SeeAlso: Lavin and Gray, arXiv:1509.09308.
struct WinogradConvolution {
  let kind: kernels_winograd
  let geometry: ConvolutionGeometry
  let kernels: Kernels
  let pool: ThreadPool

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

  /// Floats of a block's transformed input: 9 MiB, which shared caches hold.
  private static let floatsPerBlock = 9 << 18

  init(kind: kernels_winograd, _ geometry: ConvolutionGeometry, _ backend: CPUBackend) {
    self.kind = kind
    self.geometry = geometry
    kernels = backend.kernels
    pool = backend.pool
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
    let tiles = Self.floatsPerBlock / (side * side * channels)
    rowsPerBlock = min(max(1, tiles / across), down * geometry.batch)
  }

  var tileRows: Int { down * geometry.batch }
  /// Products per tile.
  var points: Int { side * side }
  var panelsPerPhase: Int { geometry.inputChannels / 16 }
  /// Panels of the input's channels, phase after phase.
  var inputPanels: Int { phases.count * panelsPerPhase }
  var outputPanels: Int { geometry.outputChannels / 16 }
  /// Floats between panels of a block.
  var panel: Int { rowsPerBlock * across * 16 }
  // Planes a power of two apart would share cache sets: hence the 16.
  var inputPlane: Int { inputPanels * panel + 16 }
  var outputPlane: Int { outputPanels * panel + 16 }
  var panelPlane: Int { panel + 16 }

  /// Tile rows `first ..< first + count` of one block.
  struct Block {
    let first: Int, count: Int
    let isLast: Bool
    var isFirst: Bool { first == 0 }
  }

  private func forEachBlock(_ body: (Block) -> Void) {
    for first in stride(from: 0, to: tileRows, by: rowsPerBlock) {
      let count = min(rowsPerBlock, tileRows - first)
      body(Block(first: first, count: count, isLast: first + count == tileRows))
    }
  }

  // MARK: Verbs

  /// y from x.
  func convolution(_ x: Map, filter: Tensor, bias: Tensor?, into y: Map) {
    let filters = filterPanels(filter)
    withExtendedLifetime(bias) {
      Workspace.with(points * inputPlane) { data in
        forEachBlock { block in
          pool.forEach(block.count) { transformInput(x, block, row: $0, into: data) }
          pool.forEach(outputPanels) { output in
            filters.with(output) { filters in
              Workspace.with(points * panelPlane) { products in
                multiply(data, by: filters, block, into: products)
                for row in 0..<block.count {
                  var call = outputRow(block, row, of: y, products, plane: panelPlane, panel: 0)
                  call.bias = bias.map { UnsafePointer($0.storage.pointer) }
                  kernels.table.winograd_output(&call, Int32(output), Int32(output + 1))
                }
              }
            }
          }
        }
      }
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
    let filters = dx == nil ? nil : transposedFilterPanels(filter)
    let sums = dw == nil ? nil : filterSums()
    if let dx { fill(dx, with: bias) }
    let inputTasks = dx == nil ? 0 : inputPanels, outputTasks = dw == nil ? 0 : outputPanels
    Workspace.with(points * (outputPlane + (dw == nil ? 0 : inputPlane))) { dyPlanes in
      let data = dyPlanes + points * outputPlane
      forEachBlock { block in
        pool.forEach(dw == nil ? block.count : 2 * block.count) { task in
          if task < block.count {
            transformOutputGradient(dy, block, row: task, into: dyPlanes)
          } else if let x {
            transformInput(x, block, row: task - block.count, into: data)
          }
        }
        pool.forEach(inputTasks + outputTasks) { task in
          if task < inputTasks, let filters, let dx {
            filters.with(task) { filters in
              addInputGradient(dyPlanes, filters, block, panel: task, onto: dx)
            }
          } else if let sums, let dw {
            let output = task - inputTasks
            sums.with(output) { sums in
              addOuterProducts(data, dyPlanes, block, output: output, into: sums)
              guard block.isLast else { return }
              for index in phases.indices {
                withFilterCall(dw, sums, phase: index) {
                  kernels.table.winograd_filter_adjoint(&$0, Int32(output))
                }
              }
            }
          }
        }
      }
    }
  }
}
