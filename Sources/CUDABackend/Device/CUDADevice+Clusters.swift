import CCUDA

extension CUDADevice {
  /// Blocks that run at the same time and can wait for one another; as in `Kernels/norm_whole.cu`.
  static let blocksOfCluster = 8

  /// Whether it runs the kernels that are launched in clusters: from compute capability 9.0 on,
  /// unless the GPU is cut into parts that are too small.
  var runsClusters: Bool {
    guard capability.major >= 9 else { return false }
    driver.makeCurrent()
    return [Kernel.normCluster, .normGradientCluster].allSatisfy { kernel in
      var shape = CUlaunchConfig()
      (shape.gridDimX, shape.gridDimY, shape.gridDimZ) = (1, UInt32(Self.blocksOfCluster), 1)
      (shape.blockDimX, shape.blockDimY, shape.blockDimZ) = (UInt32(LaunchShape.threads), 1, 1)
      shape.hStream = stream
      var count: Int32 = 0
      let status = driver.functions.cuOccupancyMaxActiveClusters(&count, functions[kernel], &shape)
      return Int(status) == CUDA_SUCCESS && count > 0
    }
  }
}
