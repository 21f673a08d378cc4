import ConvolutionCore
import GANs
import ImageDatasets
import Images
import Tensors

/// The same few pictures through both generators, again and again in the course of a run.
///
/// A row for each picture: real, translated, recovered, identity. First pictures of domain A on
/// their way to B and back, then pictures of B.
struct SampleGrid {
  /// Pictures of each domain.
  private static let count = 3

  private let picturesA: [Image]
  private let picturesB: [Image]

  /// Reads the pictures, evenly spread over the folders; what cannot be read is left out.
  ///
  /// - Parameters:
  ///   - a: Pictures of domain A.
  ///   - b: Pictures of domain B.
  ///   - size: Pixels per side that they are scaled to.
  init(a: ImageFolder, b: ImageFolder, size: Int) {
    picturesA = Self.pictures(a, size)
    picturesB = Self.pictures(b, size)
  }

  private static func pictures(_ folder: ImageFolder, _ size: Int) -> [Image] {
    let indices = (0..<min(count, folder.count)).map { (2 * $0 + 1) * folder.count / (2 * count) }
    return Set(indices).sorted().compactMap { index in
      try? ImageFile.read(folder.path(at: index)).converted(toChannels: 3)
        .resized(width: size, height: size)
    }
  }

  /// Whether there is nothing to show.
  var isEmpty: Bool { picturesA.isEmpty && picturesB.isEmpty }

  /// Draws the grid with the generators as they stand.
  func draw(_ generators: GeneratorPair, on backend: any Backend) -> Image {
    let toB = { (picture: Tensor) in generators.aToB(picture, on: backend) }
    let toA = { (picture: Tensor) in generators.bToA(picture, on: backend) }
    return Image.grid(
      rows: picturesA.map { Self.row($0, there: toB, back: toA) }
        + picturesB.map { Self.row($0, there: toA, back: toB) })
  }

  private static func row(
    _ picture: Image, there: (Tensor) -> Tensor, back: (Tensor) -> Tensor
  ) -> [Image] {
    let real = Tensor(picture)
    let translated = there(real)
    return [picture, Image(translated), Image(back(translated)), Image(back(real))]
  }
}
