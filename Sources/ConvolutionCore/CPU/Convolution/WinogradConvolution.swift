import CKernels
import Tensors

/// Stride-1 convolution by Winograd's minimal filtering, all three verbs.
///
/// Per block of tiles: `V = Bᵀ x B`, then `n²` products with the transformed filter `U = G g Gᵀ`,
/// then `y = Aᵀ M A`. Both gradients share one transform `Y = A dy Aᵀ`: the filter's is
/// `Gᵀ (VᵀY) G`; the input's is the exact adjoint `B (Y Uᵀ) Bᵀ`, overlap-added, which folds
/// mirrored padding on the way and computes no tiles beyond the border.
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

  /// About so many tiles a block keep the product's operands in the cache.
  private static let tilesPerBlock = 128

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
    rowsPerBlock = min(max(1, Self.tilesPerBlock / across), down * geometry.batch)
  }

  private var tileRows: Int { down * geometry.batch }
  private var inputPanels: Int { geometry.inputChannels / 16 }
  private var outputPanels: Int { geometry.outputChannels / 16 }
  private var panel: Int { rowsPerBlock * across * 16 }
  // Planes a power of two apart would share cache sets: hence the 16.
  private var inputPlane: Int { inputPanels * panel + 16 }
  private var outputPlane: Int { outputPanels * panel + 16 }
  private var filterPlane: Int { geometry.inputChannels * geometry.outputChannels + 16 }

  /// Tile rows `first ..< first + count` of one block.
  private struct Block {
    let first: Int, count: Int
  }

  private func forEachBlock(_ body: (Block) -> Void) {
    for first in stride(from: 0, to: tileRows, by: rowsPerBlock) {
      body(Block(first: first, count: min(rowsPerBlock, tileRows - first)))
    }
  }

  // MARK: Verbs

  /// y from x.
  func convolution(_ x: Map, filter: Tensor, bias: Tensor?, into y: Map) {
    let filters = transformed(filter)
    let biases = bias?.storage
    Workspace.with(points * (inputPlane + outputPlane)) { data in
      let products = data + points * inputPlane
      forEachBlock { block in
        pool.forEach(block.count) { transformInput(x, block, row: $0, into: data) }
        pool.forEach(points * halves(outputPanels)) {
          multiply(
            data, inputPlane, by: filters.pointer, into: products, outputPlane, block,
            depth: inputPanels, width: outputPanels, task: $0)
        }
        pool.forEach(block.count) { row in
          var call = tileRow(block, row, of: y, padding: 0, planes: products, plane: outputPlane)
          call.bias = biases.map { UnsafePointer($0.pointer) }
          kernels.table.winograd_output(&call, 0, Int32(outputPanels))
        }
      }
    }
    withExtendedLifetime(filters) {}
  }

  /// Either or both gradients from dy.
  ///
  /// `dx` is written, `dw` is written.
  func gradients(
    x: Map?, filter: Tensor, dy: Map, inputGradient dx: Map?,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    dx?.zero()
    let filters = dx == nil ? nil : transformedTransposed(filter)
    let x = dw == nil ? nil : x
    let products = dx == nil ? 0 : points * halves(inputPanels)
    Workspace.with(dw == nil ? 0 : points * filterPlane) { sums in
      Workspace.with(points * (2 * inputPlane + outputPlane)) { data in
        let dxPlanes = data + points * inputPlane, dyPlanes = dxPlanes + points * inputPlane
        forEachBlock { block in
          pool.forEach(x == nil ? block.count : 2 * block.count) { task in
            if task < block.count {
              transformOutputGradient(dy, block, row: task, into: dyPlanes)
            } else if let x {
              transformInput(x, block, row: task - block.count, into: data)
            }
          }
          pool.forEach(products + (x == nil ? 0 : points)) { task in
            if task >= products {
              addOuterProducts(data, dyPlanes, block, point: task - products, into: sums)
            } else if let filters {
              multiply(
                dyPlanes, outputPlane, by: filters.pointer, into: dxPlanes, inputPlane, block,
                depth: outputPanels, width: inputPanels, task: task)
            }
          }
          if let dx { overlapAdd(dxPlanes, block, onto: dx) }
        }
      }
      if let dw { transformBack(sums, into: dw) }
    }
    withExtendedLifetime(filters) {}
  }

  // MARK: Filters

  private func filterCall(
    _ filter: UnsafePointer<Float>, _ planes: UnsafeMutablePointer<Float>
  ) -> kernels_winograd_filter {
    kernels_winograd_filter(
      kind: kind, filter: UnsafeMutablePointer(mutating: filter),
      input_channels: Int32(geometry.inputChannels),
      output_channels: Int32(geometry.outputChannels),
      planes: planes, plane: filterPlane)
  }

  /// The filter's planes, `[n²][O / 16][I][16]`.
  private func transformed(_ filter: Tensor) -> TensorStorage {
    planes(of: filter, "winograd \(kind.rawValue)") { call, panel in
      kernels.table.winograd_filter(&call, panel * 16, panel * 16 + 16)
    }
  }

  /// The planes that take gradients back, `[n²][I / 16][O][16]`.
  private func transformedTransposed(_ filter: Tensor) -> TensorStorage {
    planes(of: filter, "winograd \(kind.rawValue) transposed") { call, panel in
      kernels.table.winograd_filter_transposed(&call, panel, panel + 1)
    }
  }

  /// Planes are four times as large as the filter: those of wide layers are made anew for each use.
  private func planes(
    of filter: Tensor, _ name: String,
    _ transform: (inout kernels_winograd_filter, _ inputPanel: Int32) -> Void
  ) -> TensorStorage {
    func make() -> TensorStorage {
      let planes = TensorStorage(count: points * filterPlane)
      pool.forEach(inputPanels) { panel in
        var call = filterCall(filter.storage.pointer, planes.pointer)
        transform(&call, Int32(panel))
      }
      return planes
    }
    let isWide = geometry.inputChannels * geometry.outputChannels > 128 * 128
    return isWide ? make() : filter.storage.derived(name, make)
  }

  private func transformBack(
    _ planes: UnsafeMutablePointer<Float>, into filter: UnsafeMutablePointer<Float>
  ) {
    pool.forEach(inputPanels) { chunk in
      var call = filterCall(filter, planes)
      kernels.table.winograd_filter_adjoint(&call, Int32(chunk * 16), Int32(chunk * 16 + 16))
    }
  }

  // MARK: Tiles

  /// The kernel call for one tile row of a block against one picture of `map`.
  private func tileRow(
    _ block: Block, _ row: Int, of map: Map, padding: Int, planes: UnsafeMutablePointer<Float>,
    plane: Int
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

  private func transformInput(
    _ x: Map, _ block: Block, row: Int, into data: UnsafeMutablePointer<Float>
  ) {
    var call = tileRow(
      block, row, of: x, padding: geometry.padding, planes: data, plane: inputPlane)
    kernels.table.winograd_data(&call, 0, Int32(inputPanels))
  }

  private func transformOutputGradient(
    _ dy: Map, _ block: Block, row: Int, into planes: UnsafeMutablePointer<Float>
  ) {
    var call = tileRow(block, row, of: dy, padding: 0, planes: planes, plane: outputPlane)
    kernels.table.winograd_output_adjoint(&call, 0, Int32(outputPanels))
  }

  /// Tile rows of equal parity do not overlap: even rows in parallel, then odd ones, so that the
  /// order of additions is fixed.
  private func overlapAdd(_ data: UnsafeMutablePointer<Float>, _ block: Block, onto dx: Map) {
    for parity in 0..<2 {
      pool.forEach(block.count) { row in
        guard (block.first + row) % down % 2 == parity else { return }
        var call = tileRow(
          block, row, of: dx, padding: geometry.padding, planes: data, plane: inputPlane)
        kernels.table.winograd_data_adjoint(&call, 0, Int32(inputPanels))
      }
    }
  }

  // MARK: Products

  /// Tasks that a point's product is cut into.
  private func halves(_ panels: Int) -> Int { panels > 1 ? 2 : 1 }

  /// `target[panel][tile][16] = source · filter` for one point and half of the panels.
  private func multiply(
    _ source: UnsafeMutablePointer<Float>, _ sourcePlane: Int,
    by filter: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ targetPlane: Int, _ block: Block, depth: Int, width: Int, task: Int
  ) {
    let halves = halves(width)
    let (point, half) = task.quotientAndRemainder(dividingBy: halves)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: depth) { taps in
      for tap in 0..<depth { taps[tap] = tap * panel }
      for column in (width * half / halves)..<(width * (half + 1) / halves) {
        var call = kernels_gemm(
          input: source + point * sourcePlane, input_pixel: 16, taps: taps.baseAddress,
          tap_count: Int32(depth), depth: 16,
          weights: filter + point * filterPlane + column * depth * 256, bias: nil,
          output: target + point * targetPlane + column * panel, output_pixel: 16,
          pixels: Int32(block.count * across), columns: 16, accumulate: false)
        kernels.table.gemm(&call)
      }
    }
  }

  /// `sums[point][out / 16][in][16] += Vᵀ Y` for one point.
  private func addOuterProducts(
    _ data: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ block: Block,
    point: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    for output in 0..<outputPanels {
      for input in 0..<inputPanels {
        var call = kernels_outer(
          left: data + point * inputPlane + input * panel, left_pixel: 16, left_row: 0,
          right: gradients + point * outputPlane + output * panel, right_pixel: 16, right_row: 0,
          pixels: Int32(block.count * across), rows: 1,
          output: sums + point * filterPlane + (output * inputPanels + input) * 256,
          output_row: 16, count: 16, columns: 16, accumulate: block.first > 0)
        kernels.table.outer(&call)
      }
    }
  }
}
