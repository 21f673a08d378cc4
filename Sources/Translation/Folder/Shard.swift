import Tensors

/// One of several parts of the pictures, so that several machines can share them.
///
/// A picture belongs to a part by its name alone: the parts are disjoint and complete whatever the
/// order of the names, and also while pictures are being added.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
  /// Which part, counted from 0.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// Names a part.
  ///
  /// Traps unless there is such a part.
  public init(index: Int, count: Int) {
    precondition(count >= 1 && (0..<count).contains(index), "part \(index) of \(count)")
    self.index = index
    self.count = count
  }

  /// Finds the part that a scheduler has given to this process.
  ///
  /// - Parameters:
  ///   - environment: The process's variables: those of Slurm, of Open MPI, or of an indexed
  ///     Kubernetes job, which does not tell how many parts there are.
  ///   - count: How many parts there are where the scheduler does not tell.
  /// - Returns: nil where no scheduler speaks, or makes no sense.
  public init?(environment: [String: String], count: Int? = nil) {
    let known = [
      ("SLURM_PROCID", "SLURM_NTASKS"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
      ("JOB_COMPLETION_INDEX", ""),
    ]
    for (indexName, countName) in known {
      guard let index = environment[indexName].flatMap({ Int($0) }),
        let count = environment[countName].flatMap({ Int($0) }) ?? count,
        count >= 1, (0..<count).contains(index)
      else { continue }
      self.init(index: index, count: count)
      return
    }
    return nil
  }

  /// For example `3-of-16`, counted from 0.
  public var description: String { "\(index)-of-\(count)" }

  /// Whether a picture of this name belongs to the part.
  public func contains(_ name: String) -> Bool {
    var names = StableHash()
    names.add(name)
    // Spread once more: its low bits alone are not even for names that differ in one digit.
    var hash = names.value
    hash ^= hash >> 32
    hash = hash &* 0x9e37_79b9_7f4a_7c15
    return Int((hash >> 33) % UInt64(count)) == index
  }
}
