/// What was done to a picture, enough to do it again.
public struct AugmentationRecord: Sendable, Codable, Equatable {
  /// The operations that were applied, in order.
  public let operations: [AppliedOperation]
  /// Which boxes were kept.
  public let boxRules: BoxRules

  /// Creates a record.
  public init(operations: [AppliedOperation], boxRules: BoxRules = BoxRules()) {
    self.operations = operations
    self.boxRules = boxRules
  }

  /// Does the same to a picture, the one it was done to or another one.
  ///
  /// What was drawn as a share of the picture, such as the place of a crop, adapts to its size.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - catalog: The operations that are known.
  /// - Throws: `RecipeError` if the record does not fit the operations, `AugmentationError` if the
  ///   picture does not.
  public func replay(
    on picture: AnnotatedImage, catalog: OperationCatalog = .standard
  ) throws -> AnnotatedImage {
    var known = RecordedOperations(catalog: catalog)
    return try replay(on: picture, by: known.operations(of: operations))
  }

  /// As above, by operations that were made before.
  package func replay(
    on picture: AnnotatedImage, by made: [any ImageOperation]
  ) throws -> AnnotatedImage {
    var picture = picture
    picture.normalizeLabels()
    for (applied, operation) in zip(operations, made) {
      try Self.replay(applied, operation, on: &picture)
    }
    picture.boxes.removeAll { !boxRules.keeps($0) }
    return picture
  }

  private static func replay<Operation: ImageOperation>(
    _ applied: AppliedOperation, _ operation: Operation, on picture: inout AnnotatedImage
  ) throws {
    let drawn: Operation.Drawn
    do {
      drawn = try applied.drawn.decoded()
    } catch {
      throw RecipeError(
        nil, .unusableRecord(operation: applied.operation))
    }
    try operation.apply(drawn, to: &picture)
  }
}

/// An operation that was applied, with its options and what was drawn for the picture.
public struct AppliedOperation: Sendable, Codable, Equatable {
  /// The operation's name.
  public let operation: String
  /// Its options by their names in recipes.
  public let options: OptionValue
  /// What was drawn.
  public let drawn: OptionValue

  init<Operation: ImageOperation>(_ operation: Operation, _ drawn: Operation.Drawn) {
    self.operation = Operation.name
    options = .map(Operation.options.map { .init($0.name, $0.value(operation)) })
    do {
      self.drawn = try OptionValue(encoding: drawn)
    } catch {
      preconditionFailure("what \(Operation.name) draws cannot be recorded: \(error)")
    }
  }
}

/// Makes the operations that records name, those with equal options once: some read files.
package struct RecordedOperations {
  private let catalog: OperationCatalog
  private var made: [String: any ImageOperation] = [:]

  /// Knows the operations of a catalog.
  package init(catalog: OperationCatalog) { self.catalog = catalog }

  /// The operations of a record.
  package mutating func operations(
    of applied: [AppliedOperation]
  ) throws(RecipeError) -> [any ImageOperation] {
    var operations: [any ImageOperation] = []
    for one in applied {
      let key = one.operation + one.options.text
      let operation = if let known = made[key] { known } else { try catalog.operation(one) }
      made[key] = operation
      operations.append(operation)
    }
    return operations
  }
}
