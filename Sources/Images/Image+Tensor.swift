import Tensors

extension Tensor {
  /// The picture as activations `[1, H, W, C]` in −1…1.
  public init(_ image: Image) { self.init([image]) }

  /// Pictures of one size as activations `[N, H, W, C]` in −1…1: x / 127.5 − 1.
  public init(_ images: [Image]) {
    precondition(!images.isEmpty, "a batch of no pictures")
    let first = images[0]
    self.init(
      uninitialized: Shape(
        batch: images.count, height: first.height, width: first.width, channels: first.channels))
    for (index, image) in images.enumerated() {
      precondition(
        image.width == first.width && image.height == first.height
          && image.channels == first.channels,
        "pictures of \(image.width)×\(image.height)×\(image.channels) and "
          + "\(first.width)×\(first.height)×\(first.channels) in a batch")
      fill(from: index * first.samples.count, with: image)
    }
  }
}

extension Image {
  /// A picture of a batch, rounded to the nearest of 256 levels; what lies outside −1…1 is clamped.
  ///
  /// - Parameters:
  ///   - activations: `[N, H, W, C]` in −1…1, of one to four channels.
  ///   - index: Which of the N pictures.
  public init(_ activations: Tensor, index: Int = 0) {
    let shape = activations.shape
    precondition(
      index >= 0 && index < shape.batch, "picture \(index) of a batch of \(shape.batch)")
    let count = shape.height * shape.width * shape.channels
    self.init(
      width: shape.width, height: shape.height, channels: shape.channels,
      samples: activations.levels(from: index * count, count: count))
  }
}
