import Synchronization
import Tensors

/// A piece of work that is done over and over, the same each time but for what its tensors hold.
///
/// A backend keeps with it what it has learnt of it; when it goes, that goes.
public final class RepeatableWork: Sendable {
  /// What messages call it: `the generators' turn`.
  public let name: String
  private let kept = Mutex<(any AnyObject & Sendable)?>(nil)

  /// Names a work that has not been done yet.
  public init(_ name: String) { self.name = name }

  /// What a backend keeps with it.
  ///
  /// - Parameters:
  ///   - isFit: Whether what is kept belongs to that backend; else it is replaced.
  ///   - make: What to begin with.
  package func remembered<Kept: AnyObject & Sendable>(
    where isFit: (Kept) -> Bool, or make: () -> Kept
  ) -> Kept {
    kept.withLock { kept in
      if let known = kept as? Kept, isFit(known) { return known }
      let made = make()
      kept = made
      return made
    }
  }
}

extension Backend {
  /// Does the work, which is nothing special here.
  public func repeated(
    _ work: RepeatableWork, inputs: [Tensor], reading parameters: [Tensor],
    _ body: (any Backend, [Tensor]) -> [Tensor?]
  ) -> [Tensor?] {
    body(self, inputs)
  }
}
