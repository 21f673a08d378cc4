import CKernels
import Tensors

// The work by panels. All tiles are one block, but where one side has many more channels than the
// other, or the gradient of the input alone is wanted.

extension WinogradConvolution {
  /// y from x.
  func convolutionByPanels(_ x: Map, filters: WinogradFilters, bias: Tensor?, into y: Map) {
    let groups = groups(of: 0..<outputPanels, perPhase: outputPanels, for: pool.threads)
    withTilePlanes(panels: 0..<inputPanels) { data in
      forEachBlock { block in
        pool.forEach(block.count) { transformInput(x, block, row: $0, into: data) }
        pool.forEach(groups.count) { task in
          let outputs = groups[task]
          filters.with(outputs) { filters in
            withTilePlanes(panels: outputs) { products in
              for point in 0..<points {
                multiply(data, point, by: filters, block, into: products, outputs: outputs)
              }
              for row in 0..<block.count {
                transformProducts(
                  products, block, row: row, panels: outputs, bias: bias, into: y)
              }
            }
          }
        }
      }
    }
  }

  /// Either or both gradients from dy; that of the filter where there is one block.
  func gradientsByPanels(
    x: Map?, filters: WinogradFilters?, dy: Map, inputGradient dx: Map?, bias: Tensor?,
    filterGradient dw: UnsafeMutablePointer<Float>?
  ) {
    if let dx { fill(dx, with: bias) }
    let inputGroups = groups(of: 0..<inputPanels, perPhase: panelsPerPhase, for: pool.threads)
    let outputGroups = groups(of: 0..<outputPanels, perPhase: outputPanels, for: pool.threads)
    let inputTasks = dx == nil ? 0 : inputGroups.count
    let outputTasks = dw == nil ? 0 : outputGroups.count
    withTilePlanes(panels: 0..<outputPanels) { dyPlanes in
      withTilePlanes(panels: 0..<(dw == nil ? 0 : inputPanels)) { data in
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
              addInputGradient(dyPlanes, filters, block, inputs: inputGroups[task], onto: dx)
            } else if let dw {
              filterGradient(
                data, dyPlanes, block, outputs: outputGroups[task - inputTasks], into: dw)
            }
          }
        }
      }
    }
  }

  /// Sets every pixel of dx to a bias, or to zero.
  private func fill(_ dx: Map, with bias: Tensor?) {
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

  /// Adds one block's part of some panels of one phase of dx.
  private func addInputGradient(
    _ dyPlanes: WinogradPlanes, _ filters: WinogradFilters, _ block: Block, inputs: Range<Int>,
    onto dx: Map
  ) {
    filters.with(inputs) { filters in
      withTilePlanes(panels: inputs) { products in
        for point in 0..<points {
          multiply(dyPlanes, point, back: filters, block, into: products, inputs: inputs)
        }
        let (phase, first) = inputs.lowerBound.quotientAndRemainder(dividingBy: panelsPerPhase)
        for row in 0..<block.count {
          var call = inputRow(block, row, of: dx, phase: phase, products)
          kernels.table.winograd_data_adjoint(&call, Int32(first), Int32(first + inputs.count))
        }
      }
    }
  }

  /// dw of some panels of output channels.
  private func filterGradient(
    _ data: WinogradPlanes, _ dyPlanes: WinogradPlanes, _ block: Block, outputs: Range<Int>,
    into dw: UnsafeMutablePointer<Float>
  ) {
    withFilterSums(outputs: outputs) { sums in
      for point in 0..<points {
        for input in 0..<inputPanels {
          addOuterProduct(data, dyPlanes, point, block, input: input, outputs: outputs, into: sums)
        }
      }
      for output in outputs { finish(sums, output: output, into: dw) }
    }
  }
}
