/// A dense array of 32-bit floats, row-major, with value semantics.
///
/// Copies share memory until one of them is written. Memory comes from a pool, 64-byte aligned.
public struct Tensor: Sendable {
  /// The extents, outermost first.
  public let shape: Shape

  package var storage: TensorStorage

  /// The number of elements.
  public var count: Int { shape.count }

  /// Creates a tensor whose contents are undefined until written.
  package init(uninitialized shape: Shape) {
    self.shape = shape
    storage = TensorStorage(count: shape.count)
  }

  init(shape: Shape, storage: TensorStorage) {
    self.shape = shape
    self.storage = storage
  }

  /// Creates a tensor that holds one value everywhere.
  public init(repeating value: Float, _ shape: Shape) {
    self.init(uninitialized: shape)
    storage.pointer.initialize(repeating: value, count: shape.count)
  }

  /// Creates a tensor of zeros.
  public init(zeros shape: Shape) { self.init(repeating: 0, shape) }

  /// Creates a scalar, of shape `[]`.
  public init(_ scalar: Float) { self.init(repeating: scalar, []) }

  /// Creates a tensor from its elements in row-major order.
  ///
  /// Traps if their number does not fit.
  public init(_ shape: Shape, _ values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      storage.pointer.initialize(from: base, count: source.count)
    }
  }

  /// Creates a tensor whose elements are computed one by one, in row-major order.
  public init(_ shape: Shape, generating element: () -> Float) {
    self.init(uninitialized: shape)
    let pointer = storage.pointer
    for index in 0..<shape.count { pointer[index] = element() }
  }

  /// The elements in row-major order, copied.
  public var values: [Float] {
    Array(UnsafeBufferPointer(start: storage.pointer, count: count))
  }

  /// Whether no element is infinite or not a number.
  package var isFinite: Bool { (0..<count).allSatisfy { storage.pointer[$0].isFinite } }

  /// The only element of a one-element tensor.
  ///
  /// Traps otherwise.
  public var scalar: Float {
    precondition(count == 1, "a scalar was asked of shape \(shape)")
    return storage.pointer[0]
  }

  /// The same elements under another shape of equal count; memory is shared.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "\(self.shape) cannot be read as \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  /// Element at a row-major position.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      return storage.pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      makeUnique()
      storage.pointer[index] = newValue
    }
  }

  /// Gives this tensor memory of its own before it is written.
  package mutating func makeUnique() {
    if isKnownUniquelyReferenced(&storage) {
      storage.willChange()
      return
    }
    let copy = TensorStorage(count: count)
    copy.pointer.initialize(from: storage.pointer, count: count)
    storage = copy
  }
}

extension Tensor: Equatable {
  /// Same shape and equal elements (so a NaN makes tensors unequal).
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.shape == right.shape else { return false }
    let count = left.count
    let (left, right) = (left.storage.pointer, right.storage.pointer)
    return (0..<count).allSatisfy { left[$0] == right[$0] }
  }
}
