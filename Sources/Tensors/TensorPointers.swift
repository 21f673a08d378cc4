// Access to a tensor's memory for the packages' own kernels. Pointers are valid only inside the
// closures.

extension Tensor {
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
