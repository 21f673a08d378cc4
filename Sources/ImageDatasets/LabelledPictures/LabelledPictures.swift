import Images
import Tensors

/// Pictures of one size with a label each, held in memory.
///
/// They come from a folder of pictures (``init(folder:size:channels:threads:)``), from IDX files
/// (``init(idx:labels:size:)``), or are drawn (``digits(count:seed:size:threads:)``);
/// ``open(_:part:size:channels:threads:)`` finds out which.
public struct LabelledPictures: Sendable {
  /// The names of the classes; one empty name where pictures have no labels.
  public let labels: [String]
  /// Columns of each picture.
  public let width: Int
  /// Rows of each picture.
  public let height: Int
  /// Channels of each picture: 1 grey, 3 in colour.
  public let channels: Int
  /// Candidates that could not be read, and are left out.
  public let broken: [BrokenPicture]

  private let classes: [Int]
  /// All pictures behind one another, `[N, H, W, C]`.
  private let samples: [UInt8]

  /// Collects pictures.
  ///
  /// Traps unless they agree in size and channels, and each has one of the labels.
  public init(
    _ pictures: [Image], classes: [Int], labels: [String], broken: [BrokenPicture] = []
  ) {
    precondition(!pictures.isEmpty, "a set of no pictures")
    let first = pictures[0]
    precondition(
      pictures.allSatisfy {
        $0.width == first.width && $0.height == first.height && $0.channels == first.channels
      }, "pictures that differ from \(first.width)×\(first.height)×\(first.channels)")
    self.init(
      samples: pictures.flatMap(\.samples), width: first.width, height: first.height,
      channels: first.channels, classes: classes, labels: labels, broken: broken)
  }

  /// Collects pictures from their samples, `[N, H, W, C]`.
  init(
    samples: [UInt8], width: Int, height: Int, channels: Int, classes: [Int], labels: [String],
    broken: [BrokenPicture] = []
  ) {
    precondition(
      !classes.isEmpty && samples.count == classes.count * width * height * channels,
      "\(samples.count) samples for \(classes.count) pictures of \(width)×\(height)×\(channels)")
    precondition(
      classes.allSatisfy(labels.indices.contains), "a class beyond the \(labels.count) labels")
    self.samples = samples
    self.width = width
    self.height = height
    self.channels = channels
    self.classes = classes
    self.labels = labels
    self.broken = broken
  }

  /// The number of pictures, at least 1.
  public var count: Int { classes.count }

  /// Whether the pictures carry labels.
  public var isLabelled: Bool { labels.count > 1 }

  /// Which of the labels a picture has.
  public func label(of index: Int) -> Int { classes[index] }

  /// The pictures of a class, by their indices, in order.
  public func indices(of label: Int) -> [Int] { classes.indices.filter { classes[$0] == label } }

  /// A picture.
  public func picture(at index: Int) -> Image {
    precondition(index >= 0 && index < count, "picture \(index) of \(count)")
    let size = samplesPerPicture
    return Image(
      width: width, height: height, channels: channels,
      samples: Array(samples[index * size..<(index + 1) * size]))
  }

  /// Some of the pictures, `[N, H, W, C]` in −1…1, in the order asked for.
  public func batch(_ indices: some Collection<Int>) -> Tensor {
    Tensor(indices.map(picture(at:)))
  }

  /// Only some of the pictures, in the order asked for, under the same labels.
  public func subset(_ indices: some Collection<Int>) -> LabelledPictures {
    LabelledPictures(
      indices.map(picture(at:)), classes: indices.map(label(of:)), labels: labels, broken: broken)
  }

  /// A check sum of size, labels and pictures.
  public var checksum: UInt64 {
    var hash = labelHash
    for sample in samples { hash.add(UInt64(sample)) }
    return hash.value
  }

  /// A check sum of size and labels alone, which another decoder leaves as it is.
  package var labelChecksum: UInt64 { labelHash.value }

  private var labelHash: StableHash {
    var hash = StableHash()
    for number in [width, height, channels, labels.count] + classes { hash.add(UInt64(number)) }
    hash.add(labels.joined(separator: "/"))
    return hash
  }

  /// All pictures changed in the same way, under their labels.
  func mapped(_ change: (Image) -> Image) -> LabelledPictures {
    LabelledPictures(
      (0..<count).map { change(picture(at: $0)) }, classes: classes, labels: labels,
      broken: broken)
  }

  private var samplesPerPicture: Int { width * height * channels }
}
