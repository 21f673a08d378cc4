import CKernels
import Tensors

/// The planes of a layer's filter, `[n²][panel][depth][16]`, made whenever they are needed.
///
/// They are four times as large as the filter: to keep them for the next time costs more than to make
/// them where a core's cache still has them when they are used.
struct WinogradFilters {
  private let layer: WinogradConvolution
  private let panels: Int
  private let depth: Int
  private let make: (_ panel: Int, _ into: WinogradPlanes) -> Void

  /// The planes that take inputs to outputs.
  init(of filter: Tensor, for layer: WinogradConvolution) {
    self.layer = layer
    panels = layer.outputPanels
    depth = layer.inputPanels * 16
    make = { panel, planes in
      for phase in layer.phases.indices {
        layer.withFilterCall(filter.storage.pointer, planes, panel, phase: phase) {
          layer.kernels.table.winograd_filter(&$0, Int32(panel))
        }
      }
    }
  }

  /// The planes that take gradients back: each panel's are those of one phase.
  init(of filter: Tensor, backFor layer: WinogradConvolution) {
    self.layer = layer
    panels = layer.inputPanels
    depth = layer.geometry.outputChannels
    make = { panel, planes in
      let (phase, channels) = panel.quotientAndRemainder(dividingBy: layer.panelsPerPhase)
      layer.withFilterCall(filter.storage.pointer, planes, panel, phase: phase) { call in
        call.planes = planes.at(0, panel)
        layer.kernels.table.winograd_filter_transposed(&call, Int32(channels))
      }
    }
  }

  /// Lends the planes of some panels.
  func with(_ panels: Range<Int>, _ body: (WinogradPlanes) -> Void) {
    layer.withPlanes(panels: panels, rows: depth) { planes in
      for panel in panels { make(panel, planes) }
      body(planes)
    }
  }

  /// Lends the planes of all panels, of which `make` must still make each one of `missing`.
  func withAll(
    _ body: (WinogradPlanes, _ missing: Int, _ make: (_ panel: Int) -> Void) -> Void
  ) {
    layer.withPlanes(panels: 0..<panels, rows: depth) { planes in
      body(planes, panels, { make($0, planes) })
    }
  }

  /// The same of a filter that there may not be.
  static func withAll(
    of filters: WinogradFilters?,
    _ body: (WinogradPlanes?, _ missing: Int, _ make: (_ panel: Int) -> Void) -> Void
  ) {
    if let filters { filters.withAll(body) } else { body(nil, 0, { _ in }) }
  }
}

extension WinogradConvolution {
  /// Lends the kernel call for the taps of one phase against one panel's planes of all phases'
  /// channels.
  func withFilterCall(
    _ filter: UnsafeMutablePointer<Float>, _ planes: WinogradPlanes, _ panel: Int, phase: Int,
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
      planes: planes.at(0, panel) + phase * geometry.inputChannels * 16, plane: planes.plane,
      stream: planes.areLarge)
    body(&call)
  }

  /// Lends planes for the sums that make the filter's gradient, for some panels of outputs.
  func withFilterSums(outputs: Range<Int>, _ body: (WinogradPlanes) -> Void) {
    withPlanes(panels: outputs, rows: inputPanels * 16, body)
  }

  /// dw of 16 output channels from their sums.
  func finish(_ sums: WinogradPlanes, output: Int, into dw: UnsafeMutablePointer<Float>) {
    for phase in phases.indices {
      withFilterCall(dw, sums, output, phase: phase) {
        kernels.table.winograd_filter_adjoint(&$0, Int32(output))
      }
    }
  }
}
