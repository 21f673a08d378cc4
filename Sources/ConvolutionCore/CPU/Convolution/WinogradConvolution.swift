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
    Workspace.with(points * filterPlane) { transformed in
      transform(filter, into: transformed)
      Workspace.with(points * (inputPlane + outputPlane)) { data in
        let products = data + points * inputPlane
        let biases = bias?.storage
        forEachBlock { block in
          transformInput(x, block, into: data)
          multiply(
            data, inputPlane, by: transformed, into: products, outputPlane, block,
            depth: inputPanels, width: outputPanels)
          pool.forEach(block.count) { row in
            var call = tileRow(block, row, of: y, padding: 0, planes: products, plane: outputPlane)
            call.bias = biases.map { UnsafePointer($0.pointer) }
            kernels.table.winograd_output(&call, 0, Int32(outputPanels))
          }
        }
      }
    }
  }

  /// Either or both gradients from dy.
  ///
  /// `dx` is written, `dw` is written.
  func gradients(
    x: Map?, filter: Tensor, dy: Map, inputGradient dx: Map?,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    dx?.zero()
    Workspace.with(dx == nil ? 0 : points * filterPlane) { transformed in
      if dx != nil { transformTransposed(filter, into: transformed) }
      Workspace.with(dw == nil ? 0 : points * filterPlane) { filterSums in
        Workspace.with(points * (inputPlane + outputPlane)) { data in
          let products = data + points * inputPlane
          forEachBlock { block in
            transformOutputGradient(dy, block, into: products)
            if let x, dw != nil {
              transformInput(x, block, into: data)
              addOuterProducts(data, products, block, into: filterSums)
            }
            if let dx {
              multiply(
                products, outputPlane, by: transformed, into: data, inputPlane, block,
                depth: outputPanels, width: inputPanels)
              overlapAdd(data, block, onto: dx)
            }
          }
        }
        if let dw { transformBack(filterSums, into: dw) }
      }
    }
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

  private func transform(_ filter: Tensor, into planes: UnsafeMutablePointer<Float>) {
    filter.withPointer { pointer in
      pool.forEach(inputPanels) { chunk in
        var call = filterCall(pointer, planes)
        kernels.table.winograd_filter(&call, Int32(chunk * 16), Int32(chunk * 16 + 16))
      }
    }
  }

  private func transformTransposed(_ filter: Tensor, into planes: UnsafeMutablePointer<Float>) {
    filter.withPointer { pointer in
      pool.forEach(inputPanels) { chunk in
        var call = filterCall(pointer, planes)
        kernels.table.winograd_filter_transposed(&call, Int32(chunk), Int32(chunk + 1))
      }
    }
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

  private func transformInput(_ x: Map, _ block: Block, into data: UnsafeMutablePointer<Float>) {
    pool.forEach(block.count) { row in
      var call = tileRow(
        block, row, of: x, padding: geometry.padding, planes: data, plane: inputPlane)
      kernels.table.winograd_data(&call, 0, Int32(inputPanels))
    }
  }

  private func transformOutputGradient(
    _ dy: Map, _ block: Block, into planes: UnsafeMutablePointer<Float>
  ) {
    pool.forEach(block.count) { row in
      var call = tileRow(block, row, of: dy, padding: 0, planes: planes, plane: outputPlane)
      kernels.table.winograd_output_adjoint(&call, 0, Int32(outputPanels))
    }
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

  /// `target[panel][tile][16] = source · filter`, one task per point and half of the panels.
  private func multiply(
    _ source: UnsafeMutablePointer<Float>, _ sourcePlane: Int,
    by filter: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ targetPlane: Int, _ block: Block, depth: Int, width: Int
  ) {
    let taps = (0..<depth).map { $0 * panel }
    let halves = width > 1 ? 2 : 1
    pool.forEach(points * halves) { task in
      let (point, half) = task.quotientAndRemainder(dividingBy: halves)
      taps.withUnsafeBufferPointer { taps in
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
  }

  /// `sums[point][out / 16][in][16] += Vᵀ Y`.
  private func addOuterProducts(
    _ data: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ block: Block,
    into sums: UnsafeMutablePointer<Float>
  ) {
    pool.forEach(points) { point in
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
}
