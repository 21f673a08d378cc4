import CKernels
import Tensors

// The work by points, a block of tiles at a time.

extension WinogradConvolution {
  /// Multiplications worth handing out to a thread.
  private static let multiplicationsPerTask = 500_000

  /// y from x.
  func convolutionByPoints(_ x: Map, filters: WinogradFilters, bias: Tensor?, into y: Map) {
    filters.withAll { filters, missing, make in
      withTilePlanes { data, products in
        forEachBlock { block in
          let missing = block.isFirst ? missing : 0
          pool.forEach(missing + block.count) { task in
            if task < missing {
              make(task)
            } else {
              transformInput(x, block, row: task - missing, into: data)
            }
          }
          forEachPoint(ofPanels: outputPanels, block) { point, outputs in
            multiply(data, point, by: filters, block, into: products, outputs: outputs)
          }
          pool.forEach(block.count) { row in
            transformProducts(
              products, block, row: row, panels: 0..<outputPanels, bias: bias, into: y)
          }
        }
      }
    }
  }

  /// Either or both gradients from dy.
  func gradientsByPoints(
    x: Map?, filters: WinogradFilters?, dy: Map, inputGradient dx: Map?, bias: Tensor?,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    let inputs = dw == nil ? nil : x
    withTilePlanes { data, dyPlanes in
      withFilterSums(outputs: 0..<(dw == nil ? 0 : outputPanels)) { sums in
        WinogradFilters.withAll(of: filters) { filters, missing, make in
          forEachBlock { block in
            let missing = block.isFirst ? missing : 0
            pool.forEach(missing + (inputs == nil ? 1 : 2) * block.count) { task in
              let row = task - missing
              if task < missing {
                make(task)
              } else if row < block.count {
                transformOutputGradient(dy, block, row: row, into: dyPlanes)
              } else if let inputs {
                transformInput(inputs, block, row: row - block.count, into: data)
              }
            }
            forEachPoint(ofPanels: inputPanels, block) { point, inputs in
              for inputs in groups(of: inputs, perPhase: panelsPerPhase) {
                if dw != nil {
                  for input in inputs {
                    addOuterProduct(
                      data, dyPlanes, point, block, input: input, outputs: 0..<outputPanels,
                      into: sums)
                  }
                }
                // Into the place of the inputs' planes, which nobody needs any more.
                if let filters {
                  multiply(dyPlanes, point, back: filters, block, into: data, inputs: inputs)
                }
              }
            }
            if let dx { addInputGradient(data, block, bias: bias, onto: dx) }
          }
        }
        if let dw { pool.forEach(outputPanels) { finish(sums, output: $0, into: dw) } }
      }
    }
  }

  /// Calls `body` for each point and panel, in tasks of half a point's panels; in larger ones where
  /// those would be done before they were handed out.
  private func forEachPoint(
    ofPanels panels: Int, _ block: Block, _ body: (_ point: Int, _ panels: Range<Int>) -> Void
  ) {
    let perPanel = block.count * across * inputPanels * outputPanels * 256 / panels
    let perTask = max((panels + 1) / 2, Self.multiplicationsPerTask / perPanel)
    pool.forEach(blocks(of: perTask, covering: points * panels)) { task in
      var next = task * perTask
      let end = min(next + perTask, points * panels)
      while next < end {
        let (point, first) = next.quotientAndRemainder(dividingBy: panels)
        let last = min(panels, first + end - next)
        body(point, first..<last)
        next += last - first
      }
    }
  }

  /// Adds one block's part of dx.
  ///
  /// A row of tiles overlaps the two beside it and no other, so every second row is added at a time.
  /// The first time round each clears its own pixels and those up to the row after the next.
  private func addInputGradient(
    _ products: WinogradPlanes, _ block: Block, bias: Tensor?, onto dx: Map
  ) {
    let parts = min(2, panelsPerPhase)
    for parity in 0..<2 {
      pool.forEach(block.count * parts) { task in
        let (row, part) = task.quotientAndRemainder(dividingBy: parts)
        let rowInPicture = (block.first + row) % down
        guard rowInPicture % 2 == parity else { return }
        let panels = panelsPerPhase * part / parts..<panelsPerPhase * (part + 1) / parts
        for phase in phases.indices {
          var call = inputRow(block, row, of: dx, phase: phase, products)
          if parity == 0 { clear(call, panels, block, row: row, to: bias) }
          kernels.table.winograd_data_adjoint(
            &call, Int32(panels.lowerBound), Int32(panels.upperBound))
        }
      }
    }
  }

  /// Sets the pixels from a tile row's first on, up to that of the row after the next, to a bias or
  /// to zero.
  ///
  /// Where that row comes later, in another block, the pixels that it shares with the row between
  /// are cleared here already: what is added to them before must stay.
  private func clear(
    _ call: kernels_tile_row, _ panels: Range<Int>, _ block: Block, row: Int, to bias: Tensor?
  ) {
    let picture = call.picture, rowInPicture = (block.first + row) % down
    let shared = Int32(side - tile)
    let start = rowInPicture >= 2 && row < 2 ? call.top + shared : call.top
    let next = call.top + 2 * Int32(tile) + (row + 2 >= block.count ? shared : 0)
    let end = rowInPicture + 2 >= down ? picture.height : min(picture.height, next)
    let first = panels.lowerBound * 16, count = panels.count * 16
    for y in max(0, start)..<max(0, start, end) {
      for x in 0..<Int(picture.width) {
        let pixel = picture.pixels + Int(y) * picture.row + x * picture.pixel + first
        if let bias {
          pixel.update(from: bias.storage.pointer + first, count: count)
        } else {
          pixel.update(repeating: 0, count: count)
        }
      }
    }
  }
}
