import Checkpoints
import GANs
import ImageDatasets
import Tensors

/// What a generator from noise learns to make more of.
public enum SampleSource: Sendable {
  /// Pictures, with labels or without.
  case pictures(LabelledPictures)
  /// Points of the plane.
  case points(GaussianMixture)

  /// Opens what a name stands for: a folder, an IDX file, or `digits`, `ring` and `grid`.
  ///
  /// - Parameters:
  ///   - name: The name; a folder or file goes before what is drawn.
  ///   - size: Pixels per side; nil for what is customary.
  ///   - channels: 1 or 3; nil for what the pictures have.
  /// - Throws: `DatasetError`, `IDXError` or `FileError`.
  public init(opening name: String, size: Int? = nil, channels: Int? = nil) throws {
    do {
      self = .pictures(
        try LabelledPictures.open(name, size: size, channels: channels).squares)
    } catch DatasetError.missingFolder(name) {
      guard let mixture = GaussianMixture.all.first(where: { $0.name == name }) else {
        throw DatasetError.missingFolder(name)
      }
      self = .points(mixture)
    }
  }

  /// What a sample is.
  public var shape: SampleShape {
    switch self {
    case .pictures(let pictures): SampleShape(size: pictures.width, channels: pictures.channels)
    case .points: .point
    }
  }

  /// The names of the classes; none where samples have no labels.
  public var labels: [String] {
    if case .pictures(let pictures) = self, pictures.isLabelled { pictures.labels } else { [] }
  }

  /// Samples of an epoch; points are drawn anew each time, and counted in ten thousands.
  public var count: Int {
    if case .pictures(let pictures) = self { pictures.count } else { 10_000 }
  }

  /// A check sum of the labels of all samples; nil for points, which are drawn.
  var labelChecksum: UInt64? {
    if case .pictures(let pictures) = self { pictures.labelChecksum } else { nil }
  }
}

/// Batches of samples in an endless order: each epoch shuffles anew.
struct SampleOrder {
  private let source: SampleSource
  private let seed: UInt64
  private var shuffled: (epoch: Int, order: [Int])?

  init(_ source: SampleSource, seed: UInt64) {
    self.source = source
    self.seed = seed
  }

  /// The samples of a turn, counted from 0, and their classes.
  mutating func batch(turn: Int, count: Int) -> (real: Tensor, labels: [Int]) {
    switch source {
    case .points(let mixture):
      return (
        mixture.points(count: count, seed: seed, index: turn), [Int](repeating: 0, count: count)
      )
    case .pictures(let pictures):
      let indices = (turn * count..<(turn + 1) * count).map {
        index(at: $0 % pictures.count, epoch: $0 / pictures.count, of: pictures.count)
      }
      return (pictures.batch(indices), indices.map(pictures.label))
    }
  }

  private mutating func index(at place: Int, epoch: Int, of count: Int) -> Int {
    if let shuffled, shuffled.epoch == epoch { return shuffled.order[place] }
    var random = SeededRandom(seed: seed, epoch: epoch, purpose: "order of samples")
    let order = random.permutation(of: count)
    shuffled = (epoch, order)
    return order[place]
  }
}
