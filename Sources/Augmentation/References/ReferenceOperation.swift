import Images
import Tensors

/// An operation that takes from a picture of another folder.
public protocol BorrowingOperation: ImageOperation {
  /// The pictures that are borrowed from.
  var references: ReferenceFolder { get set }
}

/// An operation on colours that borrows from a picture of another folder.
public protocol ReferenceOperation: BorrowingOperation, PixelOperation
where Drawn == BorrowedPicture {
  /// How much is borrowed.
  var amount: ClosedRange<Float> { get }
  /// The picture after borrowing from a reference of its size and channels.
  func changed(_ image: Image, borrowing amount: Float, from reference: Image) -> Image
}

/// What an operation draws that borrows from another picture.
public struct BorrowedPicture: Codable, Sendable, Equatable {
  /// Which of the folder's pictures, in the order of their names.
  public var picture: Int
  /// How much is borrowed.
  public var amount: Float
}

extension BorrowingOperation {
  /// The folder of the pictures that are borrowed from.
  public var folder: String {
    get { references.path }
    set { references = ReferenceFolder(newValue) }
  }

  /// Makes sure that the folder holds pictures.
  public func prepare() throws(AugmentationError) { _ = try references.count(for: Self.name) }
}

extension ReferenceOperation {
  /// Draws the picture and the amount.
  ///
  /// - Throws: If the folder holds no pictures.
  public func draw(
    for size: PixelSize, using random: inout SeededRandom
  ) throws(AugmentationError) -> BorrowedPicture {
    let count = try references.count(for: Self.name)
    return BorrowedPicture(
      picture: random.integer(below: count), amount: random.uniform(in: amount))
  }

  /// Borrows from the picture that was drawn.
  ///
  /// - Throws: If none of the folder's pictures can be read.
  public func changed(
    _ image: Image, by drawn: BorrowedPicture
  ) throws(AugmentationError) -> Image {
    let reference = try references.picture(drawn.picture, for: Self.name)
    return changed(
      image, borrowing: min(max(drawn.amount, 0), 1), from: reference.fitted(to: image))
  }
}

extension ImageOperation {
  /// The folder of further pictures, of an operation that takes from some.
  package var referenceFolder: String? { (self as? any BorrowingOperation)?.folder }
}

extension OperationOption {
  /// The folder of the pictures that are borrowed from.
  static func folder(_ path: OptionPath<Operation, String>) -> Self {
    .path(
      "folder", path, required: true, "A folder of PNG or JPEG files, searched recursively.")
  }
}
