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

  /// `products[point][output][tile][16] = data · filters` at one point, for some panels of outputs.
  func multiply(
    _ data: WinogradPlanes, _ point: Int, by filters: WinogradPlanes, _ block: Block,
    into products: WinogradPlanes, outputs: Range<Int>
  ) {
    let runs = inputRuns[point]
    for run in runs {
      multiply(
        data, point, run, by: filters, block, into: products, outputs,
        accumulating: run != runs.first, streaming: runs.count == 1 && products.areLarge)
    }
  }

  /// The same from the outputs' side to some panels of one phase of the inputs.
  func multiply(
    _ dyPlanes: WinogradPlanes, _ point: Int, back filters: WinogradPlanes, _ block: Block,
    into products: WinogradPlanes, inputs: Range<Int>
  ) {
    if hasPoint(point, input: inputs.lowerBound) {
      multiply(
        dyPlanes, point, 0..<outputPanels, by: filters, block, into: products, inputs,
        accumulating: false, streaming: products.areLarge)
    } else {
      for input in inputs {
        products.at(point, input).update(repeating: 0, count: block.count * across * 16)
      }
    }
  }

  /// One point's product over a run of panels of the source, for some of the target.
  private func multiply(
    _ source: WinogradPlanes, _ point: Int, _ run: Range<Int>, by filters: WinogradPlanes,
    _ block: Block, into target: WinogradPlanes, _ panels: Range<Int>, accumulating: Bool,
    streaming: Bool
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: run.count) { taps in
      for tap in 0..<run.count { taps[tap] = tap * source.panel }
      var call = kernels_gemm(
        input: source.at(point, run.lowerBound), input_pixel: 16, taps: taps.baseAddress,
        tap_count: Int32(run.count), depth: 16,
        weights: filters.at(point, panels.lowerBound) + run.lowerBound * 256,
        weights_panel: filters.panel, bias: nil, output: target.at(point, panels.lowerBound),
        output_pixel: 16, output_panel: target.panel, pixels: Int32(block.count * across),
        columns: Int32(panels.count * 16), accumulate: accumulating, fetch: source.areLarge,
        stream: streaming)
      kernels.table.gemm(&call)
    }
  }

  /// `sums[point][output][input][16] += Vᵀ Y` at one point, for a panel of inputs and some of outputs.
  func addOuterProduct(
    _ data: WinogradPlanes, _ dyPlanes: WinogradPlanes, _ point: Int, _ block: Block, input: Int,
    outputs: Range<Int>, into sums: WinogradPlanes
  ) {
    guard hasPoint(point, input: input) else {
      for output in outputs {
        (sums.at(point, output) + input * 256).update(repeating: 0, count: 256)
      }
      return
    }
    var call = kernels_outer(
      left: data.at(point, input), left_pixel: 16, left_row: 0,
      right: dyPlanes.at(point, outputs.lowerBound), right_pixel: 16, right_row: 0,
      right_panel: dyPlanes.panel, pixels: Int32(block.count * across), rows: 1,
      output: sums.at(point, outputs.lowerBound) + input * 256, output_row: 16,
      output_panel: sums.panel, count: 16, panels: Int32(outputs.count),
      accumulate: !block.isFirst, stream: block.isWhole && sums.areLarge)
    kernels.table.outer(&call)
  }

  /// Whether a panel of inputs can differ from zero at a point of the transformed filter.
  private func hasPoint(_ point: Int, input: Int) -> Bool {
    phases[input / panelsPerPhase].has(point: point, of: side)
  }

  // MARK: Groups of panels

  /// Cuts panels into groups of one phase each, of which products take as many at once as they can.
  ///
  /// - Parameters:
  ///   - perPhase: Panels of a phase.
  ///   - threads: For how many threads there should be groups. No result depends on the cut.
  func groups(of panels: Range<Int>, perPhase: Int, for threads: Int = 1) -> [Range<Int>] {
    let atOnce = Int(kernels.table.panels_at_once)
    let size = panels.count >= atOnce * threads ? atOnce : 1
    var groups: [Range<Int>] = [], next = panels.lowerBound
    while next < panels.upperBound {
      let endOfPhase = (next / perPhase + 1) * perPhase
      let end = min(next + size, endOfPhase, panels.upperBound)
      groups.append(next..<end)
      next = end
    }
    return groups
  }
}
