extension Tensor {
  /// Batches behind one another.
  ///
  /// Traps unless there are some and they agree in all extents but the first.
  package init(joining parts: [Tensor]) {
    precondition(!parts.isEmpty, "a batch of nothing")
    if parts.count == 1 {
      self = parts[0]
      return
    }
    let inner = parts[0].shape.dimensions.dropFirst()
    var joined = Tensor(
      uninitialized: Shape([parts.reduce(0) { $0 + $1.shape[0] }] + inner))
    joined.withMutablePointer { target in
      var offset = 0
      for part in parts {
        precondition(
          part.shape.dimensions.dropFirst() == inner, "\(part.shape) behind \(parts[0].shape)")
        part.withPointer { (target + offset).update(from: $0, count: part.count) }
        offset += part.count
      }
    }
    self = joined
  }
}
