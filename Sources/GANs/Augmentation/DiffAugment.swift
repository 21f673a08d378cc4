import Autograd
import ConvolutionCore
import Tensors

/// Random changes of what a discriminator sees, which gradients pass through.
///
/// Real pictures and fakes are changed alike, in both updates: so a discriminator cannot learn a
/// small data set by heart, and the generators are not led to paint the changes.
/// - SeeAlso: Zhao et al., arXiv:2006.10738.
public struct DiffAugment: Sendable {
  /// The most that a picture is moved, as a share of its extent.
  static let reach: Float = 0.125
  /// The side of the square that is cut out, as a share of the extent.
  static let hole: Float = 0.5

  /// How often each kind of change happens to a picture, 0…1.
  public let probability: Float

  /// Creates the changes; by default all happen to every picture.
  public init(probability: Float = 1) { self.probability = probability }

  /// Changes colours, place and a square of each picture.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]` in −1…1.
  ///   - random: Draws the changes; as many numbers whatever the probability.
  /// - Returns: The same shape.
  public func callAsFunction(_ x: Variable, using random: inout SeededRandom) -> Variable {
    let moved = colored(x, &random).shifted(by: offsets(x.shape, &random))
    return moved * x.tape.constant(mask(x.shape, &random))
  }

  /// Brightness + U(−½, ½), saturation × U(0, 2), contrast × U(½, 1½).
  private func colored(_ x: Variable, _ random: inout SeededRandom) -> Variable {
    let batch = x.shape.batch
    let isChanged = chances(batch, &random)
    func draw(_ range: ClosedRange<Float>, otherwise neutral: Float) -> Variable {
      let drawn = isChanged.map { isChanged in
        let value = random.uniform(in: range)
        return isChanged ? value : neutral
      }
      return x.tape.constant(Tensor([batch, 1, 1, 1], drawn))
    }
    let bright = x + draw(-0.5...0.5, otherwise: 0)
    let grey = bright.mean(to: [batch, x.shape.height, x.shape.width, 1]).broadcast(to: x.shape)
    let saturated = (bright - grey) * draw(0...2, otherwise: 1) + grey
    let mean = saturated.mean(to: [batch, 1, 1, 1]).broadcast(to: x.shape)
    return (saturated - mean) * draw(0.5...1.5, otherwise: 1) + mean
  }

  private func offsets(_ shape: Shape, _ random: inout SeededRandom) -> [PixelOffset] {
    func offset(_ extent: Int) -> Int {
      let most = Int((Float(extent) * Self.reach).rounded())
      return random.integer(below: 2 * most + 1) - most
    }
    return chances(shape.batch, &random).map { isChanged in
      let (rows, columns) = (offset(shape.height), offset(shape.width))
      return isChanged ? PixelOffset(rows: rows, columns: columns) : .zero
    }
  }

  /// Zeros in a square whose middle may stand anywhere, ones around it: `[N, H, W, 1]`.
  private func mask(_ shape: Shape, _ random: inout SeededRandom) -> Tensor {
    func span(_ extent: Int) -> Range<Int> {
      let length = Int((Float(extent) * Self.hole).rounded())
      let first = random.integer(below: extent + 1 - length % 2) - length / 2
      return max(0, first)..<min(extent, first + length)
    }
    var values: [Float] = []
    for isChanged in chances(shape.batch, &random) {
      let (rows, columns) = (span(shape.height), span(shape.width))
      for y in 0..<shape.height {
        values += (0..<shape.width).map { x in
          isChanged && rows.contains(y) && columns.contains(x) ? 0 : 1
        }
      }
    }
    return Tensor([shape.batch, shape.height, shape.width, 1], values)
  }

  private func chances(_ count: Int, _ random: inout SeededRandom) -> [Bool] {
    (0..<count).map { _ in random.chance(probability) }
  }
}
