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

  let picturesA: [Image]
  let picturesB: [Image]

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

  /// What the generators make of the pictures.
  struct Samples {
    /// A row for each picture.
    let grid: Image
    /// Pictures of A translated to B, and back.
    let toB: [TranslationSample]
    /// Pictures of B translated to A, and back.
    let toA: [TranslationSample]
  }

  /// Draws the grid with the generators as they stand.
  func draw(_ generators: GeneratorPair, on backend: any Backend) -> Samples {
    let toB = { (picture: Tensor) in generators.aToB(picture, on: backend) }
    let toA = { (picture: Tensor) in generators.bToA(picture, on: backend) }
    let samplesB = picturesA.map { Self.sample($0, there: toB, back: toA) }
    let samplesA = picturesB.map { Self.sample($0, there: toA, back: toB) }
    let rows =
      zip(picturesA, samplesB).map { Self.row($0, $1, back: toA) }
      + zip(picturesB, samplesA).map { Self.row($0, $1, back: toB) }
    return Samples(grid: Image.grid(rows: rows), toB: samplesB, toA: samplesA)
  }

  private static func sample(
    _ picture: Image, there: (Tensor) -> Tensor, back: (Tensor) -> Tensor
  ) -> TranslationSample {
    let real = Tensor(picture)
    let fake = there(real)
    return TranslationSample(
      real: real, fake: fake, recovered: back(fake),
      recoveredFromRounded: back(Tensor(Image(fake))))
  }

  private static func row(
    _ picture: Image, _ sample: TranslationSample, back: (Tensor) -> Tensor
  ) -> [Image] {
    [picture, Image(sample.fake), Image(sample.recovered), Image(back(sample.real))]
  }
}
