import Tensors

extension ReferenceBackend {
  /// Adds up in one running order.
  public func sum(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(shape, over: x.shape)
    var sums = [Double](repeating: 0, count: shape.count)
    for (index, value) in x.values.enumerated() { sums[pattern.source(of: index)] += Double(value) }
    return Tensor(shape, rounding: sums)
  }

  /// Copies each element to where it belongs.
  public func broadcast(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(x.shape, over: shape)
    let values = x.values
    return Tensor(shape, (0..<shape.count).map { values[pattern.source(of: $0)] })
  }
}

extension Broadcast {
  /// The small tensor's element behind an element of the large one.
  fileprivate func source(of index: Int) -> Int {
    index / (repeated * inner) * inner + index % inner
  }
}
