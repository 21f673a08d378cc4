import CKernels
import Tensors

// The kernels' calls for the tiles of a block.

extension WinogradConvolution {
  // MARK: Transforms

  func transformInput(_ x: Map, _ block: Block, row: Int, into data: WinogradPlanes) {
    for phase in phases.indices {
      var call = inputRow(block, row, of: x, phase: phase, data)
      kernels.table.winograd_data(&call, 0, Int32(panelsPerPhase))
    }
  }

  func transformOutputGradient(_ dy: Map, _ block: Block, row: Int, into planes: WinogradPlanes) {
    var call = outputRow(block, row, of: dy, planes)
    kernels.table.winograd_output_adjoint(&call, 0, Int32(outputPanels))
  }

  /// y of some panels of outputs.
  func transformProducts(
    _ products: WinogradPlanes, _ block: Block, row: Int, panels: Range<Int>, bias: Tensor?,
    into y: Map
  ) {
    withExtendedLifetime(bias) {
      var call = outputRow(block, row, of: y, products)
      call.bias = bias.map { UnsafePointer($0.storage.pointer) }
      kernels.table.winograd_output(&call, Int32(panels.lowerBound), Int32(panels.upperBound))
    }
  }

  /// The kernel call for one tile row of a block against the outputs.
  private func outputRow(_ block: Block, _ row: Int, of map: Map, _ planes: WinogradPlanes)
    -> kernels_tile_row
  {
    let (image, rowInPicture) = (block.first + row).quotientAndRemainder(dividingBy: down)
    return kernels_tile_row(
      kind: kind,
      picture: kernels_picture(
        pixels: map.rowPointer(image, 0), height: Int32(map.height), width: Int32(map.width),
        row: map.row, pixel: map.channels),
      top: Int32(rowInPicture * tile), padding: 0, reflect: false, tiles: Int32(across),
      planes: planes.at(0, 0) + row * across * 16, plane: planes.plane, panel: planes.panel,
      stream: planes.areLarge, bias: nil)
  }

  /// The same against a phase of the inputs.
  func inputRow(
    _ block: Block, _ row: Int, of map: Map, phase index: Int, _ planes: WinogradPlanes
  ) -> kernels_tile_row {
    let phase = phases[index], stride = geometry.stride
    var call = outputRow(block, row, of: map, planes)
    call.picture.pixels += phase.row.start * map.row + phase.column.start * map.channels
    call.picture.height = Int32(blocks(of: stride, covering: map.height - phase.row.start))
    call.picture.width = Int32(blocks(of: stride, covering: map.width - phase.column.start))
    call.picture.row *= stride
    call.picture.pixel *= stride
    call.top -= Int32(phase.row.padding)
    call.padding = Int32(phase.column.padding)
    call.reflect = geometry.reflects
    call.planes += index * panelsPerPhase * planes.panel
    return call
  }

  // MARK: Products

  /// `products[point][output][tile][16] = data · filters` at one point, for one panel of outputs.
  func multiply(
    _ data: WinogradPlanes, _ point: Int, by filters: WinogradPlanes, _ block: Block,
    into products: WinogradPlanes, output: Int
  ) {
    let runs = inputRuns[point]
    for run in runs {
      multiply(
        data, point, run, by: filters.at(point, output) + run.lowerBound * 256, block,
        into: products.at(point, output), accumulating: run != runs.first,
        streaming: runs.count == 1 && products.areLarge)
    }
  }

  /// The same from the outputs' side to one panel of one phase of the inputs.
  func multiply(
    _ dyPlanes: WinogradPlanes, _ point: Int, back filters: WinogradPlanes, _ block: Block,
    into products: WinogradPlanes, input: Int
  ) {
    let target = products.at(point, input)
    if phases[input / panelsPerPhase].has(point: point, of: side) {
      multiply(
        dyPlanes, point, 0..<outputPanels, by: filters.at(point, input), block, into: target,
        accumulating: false, streaming: products.areLarge)
    } else {
      target.update(repeating: 0, count: block.count * across * 16)
    }
  }

  /// One point's product over a run of panels.
  private func multiply(
    _ source: WinogradPlanes, _ point: Int, _ panels: Range<Int>,
    by filters: UnsafeMutablePointer<Float>, _ block: Block,
    into target: UnsafeMutablePointer<Float>, accumulating: Bool, streaming: Bool
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: panels.count) { taps in
      for tap in 0..<panels.count { taps[tap] = tap * source.panel }
      var call = kernels_gemm(
        input: source.at(point, panels.lowerBound), input_pixel: 16, taps: taps.baseAddress,
        tap_count: Int32(panels.count), depth: 16, weights: filters, bias: nil, output: target,
        output_pixel: 16, pixels: Int32(block.count * across), columns: 16,
        accumulate: accumulating, fetch: source.areLarge, stream: streaming)
      kernels.table.gemm(&call)
    }
  }

  /// `sums[point][output][input][16] += Vᵀ Y` at one point, for a panel of each side.
  func addOuterProduct(
    _ data: WinogradPlanes, _ dyPlanes: WinogradPlanes, _ point: Int, _ block: Block, input: Int,
    output: Int, into sums: WinogradPlanes
  ) {
    let target = sums.at(point, output) + input * 256
    if phases[input / panelsPerPhase].has(point: point, of: side) {
      var call = kernels_outer(
        left: data.at(point, input), left_pixel: 16, left_row: 0,
        right: dyPlanes.at(point, output), right_pixel: 16, right_row: 0,
        pixels: Int32(block.count * across), rows: 1, output: target, output_row: 16, count: 16,
        columns: 16, accumulate: !block.isFirst, stream: block.isWhole && sums.areLarge)
      kernels.table.outer(&call)
    } else {
      target.update(repeating: 0, count: 256)
    }
  }
}
