/// Where in two blocks of memory the pieces lie that a work takes one after the other.
///
/// Times are counted in takes: a piece is in use from the take that made it until the first take that may
/// have its place.
struct MemoryPlan: Sendable {
  /// A piece of memory that is taken, and mostly given back.
  struct Piece: Sendable {
    let bytes: Int
    /// Before which take it is given back; nil if it is still in use when the work is done.
    var end: Int?
  }

  let pieces: [Piece]
  /// Where each piece begins: a result in the block of results, another in the scratch memory.
  let offsets: [Int]
  /// Bytes that are of no use once the work is done.
  let scratchBytes: Int
  /// Bytes of what is still in use then.
  let resultBytes: Int

  /// Finds places for the largest pieces first, each as low as those before it let it.
  ///
  /// - Parameter pieces: In the order in which they are taken.
  init(_ pieces: [Piece]) {
    self.pieces = pieces
    var offsets = [Int](repeating: 0, count: pieces.count)
    var resultBytes = 0, scratchBytes = 0
    for (index, piece) in pieces.enumerated() where piece.end == nil {
      offsets[index] = resultBytes
      resultBytes += piece.bytes
    }
    let scratch = pieces.indices.filter { pieces[$0].end != nil }
      .sorted { (pieces[$1].bytes, $0) < (pieces[$0].bytes, $1) }
    var placed: [(index: Int, end: Int)] = []
    for index in scratch {
      let end = pieces[index].end ?? .max
      var offset = 0
      // Those in use at the same time, from the lowest on.
      for other in placed where other.index < end && index < other.end {
        if offsets[other.index] >= offset + pieces[index].bytes { break }
        offset = max(offset, offsets[other.index] + pieces[other.index].bytes)
      }
      offsets[index] = offset
      scratchBytes = max(scratchBytes, offset + pieces[index].bytes)
      let place = placed.firstIndex { offsets[$0.index] > offset } ?? placed.count
      placed.insert((index, end), at: place)
    }
    (self.offsets, self.resultBytes, self.scratchBytes) = (offsets, resultBytes, scratchBytes)
  }
}
