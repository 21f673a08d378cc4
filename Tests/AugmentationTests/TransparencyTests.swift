import Augmentation
import Images
import Tensors
import Testing

@Suite("Transparent pixels")
struct TransparencyTests {
  private static let levels: [UInt8] = [200, 100, 50]

  /// One colour, opaque, at the left, and black that nobody sees at the right.
  private func picture(channels: Int) -> Image {
    var image = Image(width: 40, height: 30, channels: channels)
    for y in 0..<30 {
      for x in 0..<20 {
        for channel in 0..<channels {
          image[x, y, channel] = channel == channels - 1 ? 255 : Self.levels[channel]
        }
      }
    }
    return image
  }

  @Test("do not shine through where pixels are mixed", arguments: [2, 4])
  func mixed(channels: Int) throws {
    let operations: [any ImageOperation] = [
      Rotate(limit: 20...20), Affine(rotate: 10...10), Perspective(scale: 0.1...0.1),
      ElasticTransform(amount: 0.3...0.3), GridDistortion(limit: -0.5...0.5),
      GaussianBlur(sigma: 2...2), MotionBlur(length: 9...9, angle: 0...0),
    ]
    var random = SeededRandom(seed: 2)
    for operation in operations {
      let result = try operation.apply(to: picture(channels: channels), using: &random)
      var partly = 0
      for pixel in stride(from: 0, to: result.samples.count, by: channels) {
        let alpha = result.samples[pixel + channels - 1]
        if alpha > 0, alpha < 255 { partly += 1 }
        // Of colours times alpha, in whole levels, half a level is lost in the product, in the mean
        // and in the quotient.
        let most = 0.5 + 255 / Float(max(alpha, 1))
        for channel in 0..<channels - 1 where alpha > 0 {
          let off = abs(Float(result.samples[pixel + channel]) - Float(Self.levels[channel]))
          #expect(off <= most, "\(type(of: operation).name): \(off) at alpha \(alpha)")
        }
      }
      #expect(partly > 10, "\(type(of: operation).name) mixes some")
    }
  }

  @Test("leave nearest pixels and masks as they are")
  func nearest() throws {
    let image = ramp(23, 17, channels: 4)
    var random = SeededRandom(seed: 1)
    let turned = try Rotate(limit: 33...33, interpolation: .nearest).apply(
      to: AnnotatedImage(image, masks: [image]), using: &random)
    let pixels = Set((0..<23 * 17).map { Array(image.samples[4 * $0..<4 * $0 + 4]) })
    for result in [turned.image, turned.masks[0]] {
      for pixel in 0..<23 * 17 {
        let found = Array(result.samples[4 * pixel..<4 * pixel + 4])
        #expect(found == [0, 0, 0, 0] || pixels.contains(found))
      }
    }
  }
}
