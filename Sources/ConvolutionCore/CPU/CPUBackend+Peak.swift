import CKernels

extension CPUBackend {
  /// Multiplies and adds in registers, on all threads at once: nothing is faster on this processor.
  ///
  /// - Parameter rounds: How often each thread goes over its registers, some nanoseconds each.
  /// - Returns: Floating-point operations done, two for each multiply-add.
  package func multiplyAdd(rounds: Int) -> Double {
    let count = Int(KERNELS_CHAINED)
    pool.forEach(pool.threads) { _ in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
        values.initialize(repeating: 1)
        // Towards 0.5, and never to a number that is slow to compute with.
        kernels.table.multiply_add(values.baseAddress, 0.5, 0.25, rounds)
      }
    }
    return 2 * Double(count) * Double(rounds) * Double(pool.threads)
  }
}
