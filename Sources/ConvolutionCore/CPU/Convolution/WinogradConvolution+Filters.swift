import CKernels
import Tensors

extension WinogradConvolution {
  /// The planes of a filter, panel by panel: kept, or made anew by every task that asks.
  struct FilterPanels {
    let floatsPerPanel: Int
    let kept: TensorStorage?
    let make: (_ panel: Int, UnsafeMutablePointer<Float>) -> Void

    /// Lends the planes of one panel, `[n²][depth][16]`.
    func with(_ panel: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
      if let kept {
        withExtendedLifetime(kept) { body(kept.pointer + panel * floatsPerPanel) }
      } else {
        Workspace.with(floatsPerPanel) { planes in
          make(panel, planes)
          body(planes)
        }
      }
    }
  }

  func filterPlane(depth: Int) -> Int { depth * 16 + 16 }

  /// Lends the kernel call for the taps of one phase against planes of all phases' channels.
  func withFilterCall(
    _ filter: UnsafeMutablePointer<Float>, _ planes: UnsafeMutablePointer<Float>, phase: Int,
    _ body: (inout kernels_winograd_filter) -> Void
  ) {
    let (rows, columns) = (phases[phase].row.taps, phases[phase].column.taps)
    let tap = geometry.outputChannels, row = geometry.kernelWidth * tap
    var call = kernels_winograd_filter(
      kind: kind, filter: filter + rows.first * row + columns.first * tap,
      input_channels: Int32(geometry.inputChannels),
      output_channels: Int32(geometry.outputChannels), rows: Int32(rows.count),
      columns: Int32(columns.count), input: geometry.kernelHeight * row,
      row: geometry.stride * row, tap: geometry.stride * tap,
      planes: planes + phase * geometry.inputChannels * 16,
      plane: filterPlane(depth: inputPanels * 16))
    body(&call)
  }

  func filterPanels(_ filter: Tensor) -> FilterPanels {
    panels(of: filter, "winograd", outputPanels, depth: inputPanels * 16) { panel, planes in
      for phase in phases.indices {
        withFilterCall(filter.storage.pointer, planes, phase: phase) {
          kernels.table.winograd_filter(&$0, Int32(panel))
        }
      }
    }
  }

  /// The planes that take gradients back: each panel's are those of one phase.
  func transposedFilterPanels(_ filter: Tensor) -> FilterPanels {
    let depth = geometry.outputChannels
    return panels(of: filter, "winograd back", inputPanels, depth: depth) { panel, planes in
      let (phase, channels) = panel.quotientAndRemainder(dividingBy: panelsPerPhase)
      withFilterCall(filter.storage.pointer, planes, phase: phase) { call in
        call.planes = planes
        call.plane = filterPlane(depth: depth)
        kernels.table.winograd_filter_transposed(&call, Int32(channels))
      }
    }
  }

  private func panels(
    of filter: Tensor, _ name: String, _ count: Int, depth: Int,
    _ make: @escaping (_ panel: Int, UnsafeMutablePointer<Float>) -> Void
  ) -> FilterPanels {
    let size = points * filterPlane(depth: depth)
    // Planes are four times as large as the filter: those of wide layers are not kept.
    let isWide = geometry.inputChannels * geometry.outputChannels > 128 * 128
    let kept =
      isWide
      ? nil
      : filter.storage.derived("\(name) \(kind.rawValue)") {
        let planes = TensorStorage(count: count * size)
        pool.forEach(count) { make($0, planes.pointer + $0 * size) }
        return planes
      }
    return FilterPanels(floatsPerPanel: size, kept: kept, make: make)
  }

  /// Where the filter's gradient adds up: kept from block to block if there is more than one.
  func filterSums() -> FilterPanels {
    let size = points * filterPlane(depth: inputPanels * 16)
    let kept = rowsPerBlock < tileRows ? TensorStorage(count: outputPanels * size) : nil
    return FilterPanels(floatsPerPanel: size, kept: kept, make: { _, _ in })
  }
}
