// Access to a tensor's memory for the packages' own kernels. Pointers are valid only inside the
// closures, or as long as it says.

extension Tensor {
  /// The elements, row-major; valid until the tensor is changed or dropped.
  ///
  /// For kernels that work on many tensors at once.
  package var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// The elements, to be written in place, row-major; valid until the tensor is copied, changed or
  /// dropped.
  package mutating func mutablePointer() -> UnsafeMutablePointer<Float> {
    makeUnique()
    return storage.pointer
  }

  /// Reads the elements in place, row-major.
  package func withPointer<Result, Failure: Error>(
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafePointer(storage.pointer))
  }

  /// Writes the elements in place, row-major; copies first if the memory is shared.
  package mutating func withMutablePointer<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    return try body(storage.pointer)
  }
}
