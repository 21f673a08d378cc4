import CKernels
import Tensors

extension WinogradConvolution {
  // MARK: Transforms

  func transformInput(
    _ x: Map, _ block: Block, row: Int, into data: UnsafeMutablePointer<Float>
  ) {
    for (index, phase) in phases.enumerated() {
      let planes = data + index * panelsPerPhase * panel
      var call = inputRow(block, row, of: x, phase, planes, plane: inputPlane, panel: panel)
      kernels.table.winograd_data(&call, 0, Int32(panelsPerPhase))
    }
  }

  func transformOutputGradient(
    _ dy: Map, _ block: Block, row: Int, into planes: UnsafeMutablePointer<Float>
  ) {
    var call = outputRow(block, row, of: dy, planes, plane: outputPlane, panel: panel)
    kernels.table.winograd_output_adjoint(&call, 0, Int32(outputPanels))
  }

  /// The kernel call for one tile row of a block against the outputs.
  func outputRow(
    _ block: Block, _ row: Int, of map: Map, _ planes: UnsafeMutablePointer<Float>, plane: Int,
    panel: Int
  ) -> kernels_tile_row {
    let (image, rowInPicture) = (block.first + row).quotientAndRemainder(dividingBy: down)
    return kernels_tile_row(
      kind: kind,
      picture: kernels_picture(
        pixels: map.rowPointer(image, 0), height: Int32(map.height), width: Int32(map.width),
        row: map.row, pixel: map.channels),
      top: Int32(rowInPicture * tile), padding: 0, reflect: false, tiles: Int32(across),
      planes: planes + row * across * 16, plane: plane, panel: panel, bias: nil)
  }

  /// The same against a phase of the inputs.
  private func inputRow(
    _ block: Block, _ row: Int, of map: Map, _ phase: WinogradPhase,
    _ planes: UnsafeMutablePointer<Float>, plane: Int, panel: Int
  ) -> kernels_tile_row {
    var call = outputRow(block, row, of: map, planes, plane: plane, panel: panel)
    let stride = geometry.stride
    call.picture.pixels += phase.row.start * map.row + phase.column.start * map.channels
    call.picture.height = Int32(blocks(of: stride, covering: map.height - phase.row.start))
    call.picture.width = Int32(blocks(of: stride, covering: map.width - phase.column.start))
    call.picture.row *= stride
    call.picture.pixel *= stride
    call.top -= Int32(phase.row.padding)
    call.padding = Int32(phase.column.padding)
    call.reflect = geometry.reflects
    return call
  }

  // MARK: Products

  /// `products[point][tile][16] = data · filters` for one panel of outputs.
  func multiply(
    _ data: UnsafeMutablePointer<Float>, by filters: UnsafeMutablePointer<Float>, _ block: Block,
    into products: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<points {
      var accumulates = false
      for run in inputRuns[point] {
        multiply(
          data + point * inputPlane, run,
          by: filters + point * filterPlane(depth: inputPanels * 16), block,
          into: products + point * panelPlane, accumulating: accumulates)
        accumulates = true
      }
    }
  }

  /// One point's product over a run of panels.
  private func multiply(
    _ source: UnsafeMutablePointer<Float>, _ panels: Range<Int>,
    by filters: UnsafeMutablePointer<Float>, _ block: Block,
    into target: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: panels.count) { taps in
      for (tap, index) in panels.enumerated() { taps[tap] = index * panel }
      var call = kernels_gemm(
        input: source, input_pixel: 16, taps: taps.baseAddress, tap_count: Int32(panels.count),
        depth: 16, weights: filters + panels.lowerBound * 256, bias: nil, output: target,
        output_pixel: 16, pixels: Int32(block.count * across), columns: 16,
        accumulate: accumulating)
      kernels.table.gemm(&call)
    }
  }

  /// Sets every pixel of dx to a bias, or to zero.
  func fill(_ dx: Map, with bias: Tensor?) {
    pool.forEach(dx.batch * dx.height) { index in
      let row = dx.pointer + index * dx.row
      guard let bias else {
        row.update(repeating: 0, count: dx.row)
        return
      }
      for x in 0..<dx.width {
        (row + x * dx.channels).update(from: bias.storage.pointer, count: dx.channels)
      }
    }
  }

  /// Adds one block's part of 16 channels of one phase of dx.
  func addInputGradient(
    _ dyPlanes: UnsafeMutablePointer<Float>, _ filters: UnsafeMutablePointer<Float>,
    _ block: Block, panel: Int, onto dx: Map
  ) {
    let (index, channels) = panel.quotientAndRemainder(dividingBy: panelsPerPhase)
    let phase = phases[index]
    Workspace.with(points * panelPlane) { products in
      for point in 0..<points {
        let target = products + point * panelPlane
        if phase.has(point: point, of: side) {
          multiply(
            dyPlanes + point * outputPlane, 0..<outputPanels,
            by: filters + point * filterPlane(depth: geometry.outputChannels), block, into: target,
            accumulating: false)
        } else {
          target.update(repeating: 0, count: block.count * across * 16)
        }
      }
      for row in 0..<block.count {
        var call = inputRow(block, row, of: dx, phase, products, plane: panelPlane, panel: 0)
        kernels.table.winograd_data_adjoint(&call, Int32(channels), Int32(channels + 1))
      }
    }
  }

  /// `sums[point][in][16] += Vᵀ Y` for one panel of output channels.
  func addOuterProducts(
    _ data: UnsafeMutablePointer<Float>, _ dyPlanes: UnsafeMutablePointer<Float>, _ block: Block,
    output: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    let plane = filterPlane(depth: inputPanels * 16)
    for point in 0..<points {
      let sums = sums + point * plane
      if block.isFirst, inputRuns[point] != [0..<inputPanels] {
        sums.update(repeating: 0, count: plane)
      }
      for input in inputRuns[point].joined() {
        var call = kernels_outer(
          left: data + point * inputPlane + input * panel, left_pixel: 16, left_row: 0,
          right: dyPlanes + point * outputPlane + output * panel, right_pixel: 16, right_row: 0,
          pixels: Int32(block.count * across), rows: 1,
          output: sums + input * 256, output_row: 16, count: 16, columns: 16,
          accumulate: !block.isFirst)
        kernels.table.outer(&call)
      }
    }
  }
}
