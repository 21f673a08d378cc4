import Images

/// Mixes in a picture of another folder; labels stay those of the first picture.
///
/// - SeeAlso: Zhang et al., arXiv:1710.09412.
public struct Mixup: ReferenceOperation {
  /// What it does.
  public static let summary =
    "Mixes in a picture of another folder; labels stay those of the first picture."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .folder(\.folder),
    .range("amount", \.amount, in: 0...1, "The share of the other picture in the result."),
  ]

  /// The pictures that are mixed in.
  public var references = ReferenceFolder("")
  /// The share of the other picture in the result.
  public var amount: ClosedRange<Float> = 0...0.5
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, without a folder.
  public init() {}

  /// Creates the operation.
  public init(folder: String, amount: ClosedRange<Float> = 0...0.5, probability: Float = 0.5) {
    references = ReferenceFolder(folder)
    self.amount = amount
    self.probability = probability
    requireValid()
  }

  /// Mixes the pictures.
  public func changed(_ image: Image, borrowing amount: Float, from reference: Image) -> Image {
    image.blended(with: reference, weight: amount)
  }
}
