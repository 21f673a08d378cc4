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

  func filterCall(
    _ filter: UnsafeMutablePointer<Float>, _ planes: UnsafeMutablePointer<Float>, depth: Int
  ) -> kernels_winograd_filter {
    kernels_winograd_filter(
      kind: kind, filter: filter, input_channels: Int32(geometry.inputChannels),
      output_channels: Int32(geometry.outputChannels), planes: planes,
      plane: filterPlane(depth: depth))
  }

  func filterPanels(_ filter: Tensor) -> FilterPanels {
    panels(of: filter, "winograd", outputPanels, depth: geometry.inputChannels) { call, panel in
      kernels.table.winograd_filter(&call, panel)
    }
  }

  /// The planes that take gradients back.
  func transposedFilterPanels(_ filter: Tensor) -> FilterPanels {
    panels(of: filter, "winograd back", inputPanels, depth: geometry.outputChannels) {
      call, panel in kernels.table.winograd_filter_transposed(&call, panel)
    }
  }

  private func panels(
    of filter: Tensor, _ name: String, _ count: Int, depth: Int,
    _ transform: @escaping (inout kernels_winograd_filter, _ panel: Int32) -> Void
  ) -> FilterPanels {
    let size = points * filterPlane(depth: depth)
    let make = { (panel: Int, planes: UnsafeMutablePointer<Float>) in
      var call = filterCall(filter.storage.pointer, planes, depth: depth)
      transform(&call, Int32(panel))
    }
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
    let size = points * filterPlane(depth: geometry.inputChannels)
    let kept = rowsPerBlock < tileRows ? TensorStorage(count: outputPanels * size) : nil
    return FilterPanels(floatsPerPanel: size, kept: kept, make: { _, _ in })
  }
}
