import Images
import Tensors

/// An embedded data set: handwritten digits that the program draws itself, white on black.
///
/// Each digit is a few pen strokes. What differs from hand to hand is drawn from the seed: which
/// of the usual forms a digit has, its slant, size and place, how the hand trembles, the pen's
/// thickness and how hard it is pressed.
public enum Digits {
  /// The classes, `0` to `9`.
  public static let labels = (0...9).map(String.init)

  /// The label of a digit: ten after one another show every class.
  public static func label(of index: Int) -> Int { ((index % 10) + 10) % 10 }

  /// Draws a digit; equal keys give equal pictures on every machine.
  ///
  /// - Parameters:
  ///   - seed: Another seed, another hand.
  ///   - index: Which digit of the seed, of any sign.
  ///   - size: Rows and columns of the picture, at least 1.
  /// - Returns: One channel, 0 for the ground.
  public static func picture(seed: UInt64, index: Int, size: Int) -> Image {
    var random = SeededRandom(seed: seed, index: index, purpose: "digits")
    let forms = DigitForms.of(label(of: index))
    let strokes = forms[random.integer(below: forms.count)]
    let hand = Handwriting(random: &random)
    var canvas = Canvas(pictureWidth: size, pictureHeight: size)
    for stroke in strokes { hand.draw(stroke, on: &canvas) }
    return canvas.picture().converted(toChannels: 1)
  }
}
