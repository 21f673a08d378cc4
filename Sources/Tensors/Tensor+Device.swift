// How a backend that computes on another device keeps tensors there.

extension Tensor {
  /// Creates a tensor of elements that are on a device.
  package init(_ shape: Shape, on device: some DeviceElements) {
    self.init(shape: shape, storage: TensorStorage(count: shape.count, on: device))
  }

  /// The elements on a device, to be read.
  ///
  /// - Parameters:
  ///   - isThere: Whether elements of this type are on the device that is meant.
  ///   - upload: Copies row-major elements to that device.
  package func elements<Elements: DeviceElements>(
    where isThere: (Elements) -> Bool, upload: (UnsafePointer<Float>) -> Elements
  ) -> Elements {
    storage.elements(where: isThere, upload: upload)
  }

  /// The elements on a device, to be written; nobody else's are.
  ///
  /// - Parameters:
  ///   - isThere: Whether elements of this type are on the device that is meant.
  ///   - upload: Copies row-major elements to that device.
  ///   - copy: Copies elements on that device, for a tensor that shares them.
  package mutating func mutableElements<Elements: DeviceElements>(
    where isThere: (Elements) -> Bool, upload: (UnsafePointer<Float>) -> Elements,
    copy: (Elements) -> Elements
  ) -> Elements {
    let elements = storage.elements(where: isThere, upload: upload)
    if isKnownUniquelyReferenced(&storage) {
      storage.willChangeOnDevice()
      return elements
    }
    let copied = copy(elements)
    storage = TensorStorage(count: count, on: copied)
    return copied
  }
}

extension Tensor {
  /// The elements on a device, if there are some of this type.
  package func deviceElements<Elements: DeviceElements>(of type: Elements.Type) -> Elements? {
    storage.deviceElements as? Elements
  }

  /// Forgets what was derived of the elements.
  package func forgetDerived() { storage.forgetDerivations() }

  /// What `make` computes on a device of the elements, the first time that it is asked for.
  ///
  /// It is kept until the elements change.
  package func derivedElements<Elements: DeviceElements>(_ name: String, _ make: () -> Elements)
    -> Elements
  {
    let derived = storage.derived(name) { TensorStorage(count: count, on: make()) }
    return derived.elements(where: { _ in true }) { _ in
      preconditionFailure("\(name) was derived on another device")
    }
  }
}
