import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `OptimizerOperations.adam`: all tensors in one launch.
  public func adam(_ terms: inout [AdamTerm], _ step: AdamStep) {
    var table: [UInt64] = [], blocks = 0
    for index in terms.indices {
      let count = terms[index].parameter.count
      let addresses = [
        mutableElements(&terms[index].parameter), elements(terms[index].gradient),
        terms[index].firstMoment == nil ? nil : mutableElements(&terms[index].firstMoment!),
        mutableElements(&terms[index].secondMoment),
      ]
      // As `AdamTerm` in Kernels/adam.cu has it.
      table += addresses.map { KernelArgument.optional($0).bits }
      table.append(UInt64(UInt32(count)) | UInt64(UInt32(blocks)) << 32)
      blocks += LaunchShape.groups(count).grid.x
    }
    guard blocks > 0 else { return }
    // As `AdamNumbers` has it.
    let numbers = [
      1 - step.beta1, step.beta2, 1 - step.beta2, step.stepSize, step.rootCorrection, step.epsilon,
    ].map { Float($0) }
    let bytes = numbers.count * MemoryLayout<Float>.stride
    let uploaded = CUDAElements(bytes: bytes, on: queue)
    queue.upload(numbers, bytes: bytes, to: uploaded)
    queue.launch(
      .adam, LaunchShape(grid: (blocks, 1, 1)), .notes(tables.table(table, on: device)),
      .count(terms.count), .notes(uploaded))
  }

  /// See `OptimizerOperations.blend`.
  public func blend(_ x: inout Tensor, toward y: Tensor, share: Float) {
    precondition(x.shape == y.shape, "\(x.shape) on its way to \(y.shape)")
    queue.launch(
      .blend, .groups(x.count), .elements(mutableElements(&x)), .elements(elements(y)),
      .count(y.count), .float(share))
  }

  /// See `OptimizerOperations.clip`.
  public func clip(_ x: inout Tensor, to limit: Float) {
    let count = x.count
    queue.launch(
      .clip, .groups(count), .elements(mutableElements(&x)), .count(count), .float(limit))
  }
}
