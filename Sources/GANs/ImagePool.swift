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
  /// - Returns: The same shape.
  public mutating func exchange(_ fakes: Tensor, _ decisions: [Decision]) -> Tensor {
    let pictures = fakes.pictures
    precondition(
      decisions.count == pictures.count, "\(decisions.count) decisions for \(pictures.count) fakes")
    return Tensor(joining: zip(pictures, decisions).map { exchange($0, $1) })
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

extension Tensor {
  /// The pictures of a batch, `[1, H, W, C]` each.
  fileprivate var pictures: [Tensor] {
    if shape[0] == 1 { return [self] }
    let values = values, count = count / shape[0]
    let single = Shape([1] + shape.dimensions.dropFirst())
    return (0..<shape[0]).map { Tensor(single, Array(values[$0 * count..<($0 + 1) * count])) }
  }

  /// Pictures as one batch.
  fileprivate init(joining pictures: [Tensor]) {
    if pictures.count == 1 {
      self = pictures[0]
    } else {
      self.init(
        Shape([pictures.count] + pictures[0].shape.dimensions.dropFirst()),
        pictures.flatMap(\.values))
    }
  }
}
