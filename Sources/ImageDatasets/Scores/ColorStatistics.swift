import Images

/// Mean and spread of each colour over a picture or a whole domain.
///
/// Matching them is the simplest translation there is, and the baseline that a model must beat.
/// - SeeAlso: Reinhard et al., IEEE Computer Graphics and Applications 21(5), 2001, here in RGB.
public struct ColorStatistics: Sendable, Equatable {
  private var count = 0
  private var sums = SIMD3<Int>.zero
  private var squares = SIMD3<Int>.zero

  /// Creates the statistics of no pictures.
  public init() {}

  /// Creates the statistics of one picture.
  public init(of picture: Image) { add(picture) }

  /// Creates the statistics of all readable pictures of a folder.
  ///
  /// - Throws: `DatasetError` if none can be read.
  public init(of folder: ImageFolder) throws(DatasetError) {
    var reason: String?
    for index in 0..<folder.count {
      do {
        add(try ImageFile.read(folder.path(at: index)))
      } catch {
        reason = reason ?? "\(error)"
      }
    }
    if count == 0 {
      throw .noneReadable(folder.path, count: folder.count, reason: reason ?? "")
    }
  }

  /// Takes in the pixels of a picture; grey counts as colour, alpha is dropped.
  public mutating func add(_ picture: Image) {
    let picture = picture.converted(toChannels: 3)
    for start in stride(from: 0, to: picture.samples.count, by: 3) {
      let pixel = SIMD3(
        Int(picture.samples[start]), Int(picture.samples[start + 1]),
        Int(picture.samples[start + 2]))
      sums &+= pixel
      squares &+= pixel &* pixel
    }
    count += picture.width * picture.height
  }

  /// Mean level of red, green and blue, 0…255; traps before the first picture.
  public var mean: SIMD3<Double> {
    precondition(count > 0, "the mean colour of no pictures")
    return SIMD3<Double>(sums) / Double(count)
  }

  /// Standard deviation of red, green and blue, 0…127.5; traps before the first picture.
  public var standardDeviation: SIMD3<Double> {
    let variance = SIMD3<Double>(squares) / Double(count) - mean * mean
    return variance.replacing(with: 0, where: variance .< 0).squareRoot()
  }

  /// A picture whose colours are moved to these statistics, in RGB.
  ///
  /// A channel without any spread only gets the mean.
  public func matching(_ picture: Image) -> Image {
    var picture = picture.converted(toChannels: 3)
    var samples = picture.samples
    let own = ColorStatistics(of: picture)
    let from = own.mean, to = mean, spread = own.standardDeviation, wanted = standardDeviation
    for channel in 0..<3 {
      let factor = spread[channel] > 0 ? wanted[channel] / spread[channel] : 0
      let levels = (0...255).map { level in
        let moved = (Double(level) - from[channel]) * factor + to[channel]
        return UInt8(min(max(moved.rounded(), 0), 255))
      }
      for index in stride(from: channel, to: samples.count, by: 3) {
        samples[index] = levels[Int(samples[index])]
      }
    }
    picture.samples = samples
    return picture
  }
}
