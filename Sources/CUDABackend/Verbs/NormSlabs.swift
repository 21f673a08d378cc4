import Tensors

/// How the pictures of a norm are dealt to blocks that hold them whole: `Kernels/norm_whole.cu`.
struct NormSlabs {
  /// Pixels that a thread holds.
  private static let held = 4
  /// A slab has so many groups of channels at most.
  private static let mostGroups = 2

  /// Groups of channels of a slab.
  let width: Int
  let isInClusters: Bool
  let shape: LaunchShape

  /// Nil where pictures are too large, or have channels that do not come in groups.
  ///
  /// - Parameter pictures: `[N, H, W, C]`.
  init?(_ pictures: Shape, inClusters: Bool) {
    let groups = pictures.channels / LaunchShape.group
    guard pictures.channels % LaunchShape.group == 0, pictures.count > 0 else { return nil }
    width = min(groups, Self.mostGroups)
    let pixels = pictures.height * pictures.width
    let ofBlock = LaunchShape.threads / width * Self.held
    guard pixels <= ofBlock * (inClusters ? CUDADevice.blocksOfCluster : 1) else { return nil }
    isInClusters = pixels > ofBlock
    shape = LaunchShape(
      grid: (
        (groups + width - 1) / width, isInClusters ? CUDADevice.blocksOfCluster : 1, pictures.batch
      ))
  }

  /// Memory by which the blocks of a cluster exchange two sums, doubles.
  func makeParts(_ pictures: Shape, on queue: CUDAQueue) -> CUDAElements? {
    guard isInClusters else { return nil }
    let count = pictures.batch * CUDADevice.blocksOfCluster * 2 * pictures.channels
    return CUDAElements(bytes: count * MemoryLayout<Double>.stride, on: queue)
  }
}
