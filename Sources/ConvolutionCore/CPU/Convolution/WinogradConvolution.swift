import CKernels
import Tensors

/// Stride-1 convolution by Winograd's minimal filtering, all three verbs.
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

  /// Products per tile, n².
  let points: Int
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
    (points, tile) =
      switch kind {
      case WINOGRAD_2X2_3X3: (16, 2)
      case WINOGRAD_4X4_3X3: (36, 4)
      default: (36, 3)
      }
    across = blocks(of: tile, covering: geometry.outputWidth)
    down = blocks(of: tile, covering: geometry.outputHeight)
    let channels = max(geometry.inputChannels, geometry.outputChannels)
    let tiles = Self.floatsPerBlock / (points * channels)
    rowsPerBlock = min(max(1, tiles / across), down * geometry.batch)
  }

  var tileRows: Int { down * geometry.batch }
  var inputPanels: Int { geometry.inputChannels / 16 }
  var outputPanels: Int { geometry.outputChannels / 16 }
  /// Floats between panels of a block.
  private var panel: Int { rowsPerBlock * across * 16 }
  // Planes a power of two apart would share cache sets: hence the 16.
  private var inputPlane: Int { inputPanels * panel + 16 }
  private var outputPlane: Int { outputPanels * panel + 16 }
  private var panelPlane: Int { panel + 16 }

  /// Tile rows `first ..< first + count` of one block.
  private struct Block {
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
                multiply(data, inputPlane, panels: inputPanels, by: filters, block, into: products)
                for row in 0..<block.count {
                  var call = tileRow(block, row, of: y, padding: 0, panelPlanes: products)
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

  /// Either or both gradients from dy.
  ///
  /// `dx` is written; `dw` gets the storage of the filter's gradient, written too.
  func gradients(
    x: Map?, filter: Tensor, dy: Map, inputGradient dx: Map?,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    let filters = dx == nil ? nil : transposedFilterPanels(filter)
    let sums = dw == nil ? nil : filterSums()
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
              var call = filterCall(dw, sums, depth: geometry.inputChannels)
              kernels.table.winograd_filter_adjoint(&call, Int32(output))
            }
          }
        }
      }
    }
  }

  // MARK: Tiles

  /// The kernel call for one tile row of a block against one picture of `map`.
  private func tileRow(
    _ block: Block, _ row: Int, of map: Map, padding: Int, planes: UnsafeMutablePointer<Float>,
    plane: Int, panel: Int
  ) -> kernels_tile_row {
    let (image, rowInPicture) = (block.first + row).quotientAndRemainder(dividingBy: down)
    return kernels_tile_row(
      kind: kind,
      picture: kernels_picture(
        pixels: map.rowPointer(image, 0), height: Int32(map.height), width: Int32(map.width),
        channels: Int32(map.channels), row: map.row),
      top: Int32(rowInPicture * tile - padding), padding: Int32(padding),
      reflect: geometry.reflects, tiles: Int32(across), planes: planes + row * across * 16,
      plane: plane, panel: panel, bias: nil)
  }

  /// The same where the planes are those of the called panel alone.
  private func tileRow(
    _ block: Block, _ row: Int, of map: Map, padding: Int,
    panelPlanes: UnsafeMutablePointer<Float>
  ) -> kernels_tile_row {
    tileRow(
      block, row, of: map, padding: padding, planes: panelPlanes, plane: panelPlane, panel: 0)
  }

  private func transformInput(
    _ x: Map, _ block: Block, row: Int, into data: UnsafeMutablePointer<Float>
  ) {
    var call = tileRow(
      block, row, of: x, padding: geometry.padding, planes: data, plane: inputPlane, panel: panel)
    kernels.table.winograd_data(&call, 0, Int32(inputPanels))
  }

  private func transformOutputGradient(
    _ dy: Map, _ block: Block, row: Int, into planes: UnsafeMutablePointer<Float>
  ) {
    var call = tileRow(
      block, row, of: dy, padding: 0, planes: planes, plane: outputPlane, panel: panel)
    kernels.table.winograd_output_adjoint(&call, 0, Int32(outputPanels))
  }

  // MARK: Products

  /// `target[point][tile][16] = source · filters` for one panel of results.
  private func multiply(
    _ source: UnsafeMutablePointer<Float>, _ sourcePlane: Int, panels: Int,
    by filters: UnsafeMutablePointer<Float>, _ block: Block,
    into target: UnsafeMutablePointer<Float>
  ) {
    let plane = filterPlane(depth: panels * 16)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: panels) { taps in
      for tap in 0..<panels { taps[tap] = tap * panel }
      for point in 0..<points {
        var call = kernels_gemm(
          input: source + point * sourcePlane, input_pixel: 16, taps: taps.baseAddress,
          tap_count: Int32(panels), depth: 16, weights: filters + point * plane, bias: nil,
          output: target + point * panelPlane, output_pixel: 16,
          pixels: Int32(block.count * across), columns: 16, accumulate: false)
        kernels.table.gemm(&call)
      }
    }
  }

  /// Adds one block's part of 16 channels of dx; the first block clears them.
  private func addInputGradient(
    _ dyPlanes: UnsafeMutablePointer<Float>, _ filters: UnsafeMutablePointer<Float>,
    _ block: Block, panel: Int, onto dx: Map
  ) {
    if block.isFirst {
      for pixel in 0..<(dx.batch * dx.height * dx.width) {
        (dx.pointer + pixel * dx.channels + panel * 16).update(repeating: 0, count: 16)
      }
    }
    Workspace.with(points * panelPlane) { products in
      multiply(dyPlanes, outputPlane, panels: outputPanels, by: filters, block, into: products)
      for row in 0..<block.count {
        var call = tileRow(
          block, row, of: dx, padding: geometry.padding, panelPlanes: products)
        kernels.table.winograd_data_adjoint(&call, Int32(panel), Int32(panel + 1))
      }
    }
  }

  /// `sums[point][in][16] += Vᵀ Y` for one panel of output channels.
  private func addOuterProducts(
    _ data: UnsafeMutablePointer<Float>, _ dyPlanes: UnsafeMutablePointer<Float>, _ block: Block,
    output: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    let plane = filterPlane(depth: geometry.inputChannels)
    for point in 0..<points {
      for input in 0..<inputPanels {
        var call = kernels_outer(
          left: data + point * inputPlane + input * panel, left_pixel: 16, left_row: 0,
          right: dyPlanes + point * outputPlane + output * panel, right_pixel: 16, right_row: 0,
          pixels: Int32(block.count * across), rows: 1,
          output: sums + point * plane + input * 256, output_row: 16, count: 16, columns: 16,
          accumulate: !block.isFirst)
        kernels.table.outer(&call)
      }
    }
  }
}
