import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `Backend.repeated`: a graph from the second time on, a single call of the driver's for all the
  /// kernels.
  public func repeated(
    _ work: RepeatableWork, inputs: [Tensor], reading parameters: [Tensor],
    _ body: (any Backend, [Tensor]) -> [Tensor?]
  ) -> [Tensor?] {
    // A work within another one is part of it.
    guard graphs.isOn, queue.recording == nil else { return body(self, inputs) }
    let known = work.remembered(where: { (known: WorkGraphs) in known.convolver === convolver }) {
      let made = WorkGraphs(convolver)
      device.repetition.add(made)
      return made
    }
    let form = known.take(
      WorkForm.Shapes(
        inputs: inputs.map(\.shape), formats: inputs.map { elements($0).format },
        parameters: parameters.map(\.shape)))
    defer { known.put(form) }
    return withoutActuallyEscaping(body) { body in
      form.run(
        WorkForm.Task(
          work: work, backend: self, inputs: inputs, parameters: parameters, body: body))
    }
  }
}
