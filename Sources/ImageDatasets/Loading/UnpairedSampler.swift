import Tensors

/// Which pictures of two unpaired domains meet in which step.
///
/// An epoch has as many places as the larger domain has pictures. A comes in a shuffled order,
/// from the start again where A is the smaller domain; B is drawn at random for each place. Any
/// epoch and place can be asked for without those before.
public struct UnpairedSampler: Sendable {
  /// Pictures of domain A, at least 1.
  public let countA: Int
  /// Pictures of domain B, at least 1.
  public let countB: Int
  /// Another seed, another order.
  public let seed: UInt64

  /// Creates a sampler.
  public init(countA: Int, countB: Int, seed: UInt64) {
    precondition(countA > 0 && countB > 0, "domains of \(countA) and \(countB) pictures")
    self.countA = countA
    self.countB = countB
    self.seed = seed
  }

  /// Places in an epoch: pictures in the larger domain.
  public var placesPerEpoch: Int { max(countA, countB) }

  /// The order of an epoch.
  public func epoch(_ number: Int) -> Epoch { Epoch(sampler: self, number: number) }

  /// One pass over the larger domain.
  public struct Epoch: Sendable {
    /// Which epoch.
    public let number: Int
    private let sampler: UnpairedSampler
    private let order: [Int]

    fileprivate init(sampler: UnpairedSampler, number: Int) {
      self.sampler = sampler
      self.number = number
      var random = SeededRandom(seed: sampler.seed, epoch: number, purpose: "order A")
      order = random.permutation(of: sampler.placesPerEpoch)
    }

    /// Indices of the two pictures at a place.
    public subscript(place: Int) -> (a: Int, b: Int) {
      var random = SeededRandom(
        seed: sampler.seed, epoch: number, index: place, purpose: "choice B")
      return (order[place] % sampler.countA, random.integer(below: sampler.countB))
    }
  }
}
