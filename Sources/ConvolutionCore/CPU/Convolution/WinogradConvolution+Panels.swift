import CKernels
import Tensors

// The work by panels. All tiles are one block, but where one side has many more channels than the
// other, or the gradient of the input alone is wanted.

extension WinogradConvolution {
  /// y from x.
  func convolutionByPanels(_ x: Map, filters: WinogradFilters, bias: Tensor?, into y: Map) {
    withTilePlanes(panels: 0..<inputPanels) { data in
      forEachBlock { block in
        pool.forEach(block.count) { transformInput(x, block, row: $0, into: data) }
        pool.forEach(outputPanels) { output in
          filters.with(output) { filters in
            withTilePlanes(panels: output..<output + 1) { products in
              for point in 0..<points {
                multiply(data, point, by: filters, block, into: products, output: output)
              }
              for row in 0..<block.count {
                transformProducts(
                  products, block, row: row, panels: output..<output + 1, bias: bias, into: y)
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
    let inputTasks = dx == nil ? 0 : inputPanels, outputTasks = dw == nil ? 0 : outputPanels
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
              addInputGradient(dyPlanes, filters, block, input: task, onto: dx)
            } else if let dw {
              filterGradient(data, dyPlanes, block, output: task - inputTasks, into: dw)
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

  /// Adds one block's part of 16 channels of one phase of dx.
  private func addInputGradient(
    _ dyPlanes: WinogradPlanes, _ filters: WinogradFilters, _ block: Block, input: Int, onto dx: Map
  ) {
    filters.with(input) { filters in
      withTilePlanes(panels: input..<input + 1) { products in
        for point in 0..<points {
          multiply(dyPlanes, point, back: filters, block, into: products, input: input)
        }
        let (phase, channels) = input.quotientAndRemainder(dividingBy: panelsPerPhase)
        for row in 0..<block.count {
          var call = inputRow(block, row, of: dx, phase: phase, products)
          kernels.table.winograd_data_adjoint(&call, Int32(channels), Int32(channels + 1))
        }
      }
    }
  }

  /// dw of 16 output channels.
  private func filterGradient(
    _ data: WinogradPlanes, _ dyPlanes: WinogradPlanes, _ block: Block, output: Int,
    into dw: UnsafeMutablePointer<Float>
  ) {
    withFilterSums(outputs: output..<output + 1) { sums in
      for point in 0..<points {
        for input in 0..<inputPanels {
          addOuterProduct(data, dyPlanes, point, block, input: input, output: output, into: sums)
        }
      }
      finish(sums, output: output, into: dw)
    }
  }
}
