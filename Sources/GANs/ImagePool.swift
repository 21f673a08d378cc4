import ConvolutionCore
import Tensors

/// Past fakes, so that a discriminator does not forget what it was once shown.
///
/// - SeeAlso: Shrivastava et al., arXiv:1612.07828.
public struct ImagePool: Sendable {
  /// What happens to a new fake once the pool is full.
  public enum Decision: Hashable, Sendable {
    /// It is shown itself.
    case keep
    /// It is stored, and the one stored there is shown.
    case swap(Int)
  }

  /// How many pictures the pool holds at most.
  public let size: Int
  /// The pictures, `[1, H, W, C]` each; set by whoever resumes a training.
  public var images: [Tensor] {
    didSet { precondition(images.count <= size, "\(images.count) in a pool of \(size)") }
  }

  /// Creates an empty pool; with a size of 0, fakes pass through.
  public init(size: Int) {
    precondition(size >= 0, "a pool of \(size) pictures")
    self.size = size
    images = []
  }

  /// Decides by chance, half and half, about as many fakes as are coming.
  public static func decisions(_ count: Int, size: Int, using random: inout SeededRandom)
    -> [Decision]
  {
    (0..<count).map { _ in
      size > 0 && random.chance(0.5) ? .swap(random.integer(below: size)) : .keep
    }
  }

  /// Takes new fakes and returns what is to be shown instead of them.
  ///
  /// Until the pool is full, fakes are stored and shown.
  /// - Parameters:
  ///   - fakes: `[N, H, W, C]`.
  ///   - decisions: One for each, used once the pool is full.
  ///   - backend: What the fakes were made on.
  /// - Returns: The same shape.
  public mutating func exchange(
    _ fakes: Tensor, _ decisions: [Decision], on backend: any Backend
  ) -> Tensor {
    let pictures = backend.pictures(of: fakes)
    precondition(
      decisions.count == pictures.count, "\(decisions.count) decisions for \(pictures.count) fakes")
    return backend.batch(of: zip(pictures, decisions).map { exchange($0, $1) })
  }

  private mutating func exchange(_ fake: Tensor, _ decision: Decision) -> Tensor {
    if images.count < size {
      images.append(fake)
      return fake
    }
    guard case .swap(let place) = decision else { return fake }
    let stored = images[place]
    images[place] = fake
    return stored
  }
}

// On whatever device the pictures are; in memory they follow one another as channels would.
extension Backend {
  /// The pictures of a batch, `[1, H, W, C]` each.
  fileprivate func pictures(of batch: Tensor) -> [Tensor] {
    let count = batch.shape[0], size = batch.count / count
    if count == 1 { return [batch] }
    let single = Shape([1] + batch.shape.dimensions.dropFirst())
    let row = batch.reshaped([1, 1, 1, batch.count])
    return (0..<count).map { sliceChannels(row, $0 * size..<($0 + 1) * size).reshaped(single) }
  }

  /// Pictures as one batch.
  fileprivate func batch(of pictures: [Tensor]) -> Tensor {
    if pictures.count == 1 { return pictures[0] }
    let rows = pictures.map { $0.reshaped([1, 1, 1, $0.count]) }
    return concatenateChannels(rows).reshaped(
      Shape([pictures.count] + pictures[0].shape.dimensions.dropFirst()))
  }
}
