import Images
import Tensors
import Testing

@Suite("Channels and tensors")
struct ChannelTests {
  @Test("channels are repeated, weighed, dropped and added")
  func conversions() {
    let rgba = Image(width: 1, height: 1, channels: 4, samples: [200, 100, 50, 30])
    // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
    #expect(rgba.converted(toChannels: 1).samples == [124])
    #expect(rgba.converted(toChannels: 2).samples == [124, 30])
    #expect(rgba.converted(toChannels: 3).samples == [200, 100, 50])
    #expect(rgba.converted(toChannels: 4) == rgba)
    let grey = Image(width: 1, height: 1, channels: 1, samples: [77])
    #expect(grey.converted(toChannels: 2).samples == [77, 255])
    #expect(grey.converted(toChannels: 3).samples == [77, 77, 77])
    #expect(grey.converted(toChannels: 4).samples == [77, 77, 77, 255])
  }

  @Test("grey survives the way through colour", arguments: [0, 1, 127, 254, 255] as [UInt8])
  func greyThroughColor(level: UInt8) {
    let grey = Image(width: 1, height: 1, channels: 1, samples: [level])
    #expect(grey.converted(toChannels: 3).converted(toChannels: 1) == grey)
  }

  @Test("compositing mixes with the background")
  func compositing() {
    let image = Image(
      width: 3, height: 1, channels: 4,
      samples: [10, 20, 30, 255, 10, 20, 30, 0, 100, 200, 0, 51])
    #expect(
      image.composited(over: [255]).samples == [10, 20, 30, 255, 255, 255, 224, 244, 204])
    #expect(image.composited(over: [0, 50, 100]).samples[3..<6] == [0, 50, 100])
    let opaque = Image(width: 1, height: 1, channels: 3, samples: [1, 2, 3])
    #expect(opaque.composited(over: [9]) == opaque)
  }

  @Test("every level survives the way through a tensor")
  func levels() {
    let image = Image(width: 16, height: 16, channels: 1, samples: (0...255).map { UInt8($0) })
    let tensor = Tensor(image)
    #expect(tensor.shape == [1, 16, 16, 1])
    #expect(tensor[0] == -1 && tensor[255] == 1)
    #expect(tensor[100] == Float(100) / 127.5 - 1)
    #expect(Image(tensor) == image)
  }

  @Test("a batch holds its pictures in order")
  func batch() {
    let images = (1...3).map { index in
      Image(width: 3, height: 2, channels: 3, repeating: UInt8(index))
    }
    let tensor = Tensor(images)
    #expect(tensor.shape == [3, 2, 3, 3])
    for (index, image) in images.enumerated() { #expect(Image(tensor, index: index) == image) }
  }

  @Test("activations are rounded to the nearest level and clamped")
  func rounding() {
    // 127.4, 127.6, beyond both ends, and what is no number.
    let values: [Float] = [-0.1 / 127.5, 0.1 / 127.5, -7, 7, .nan, .infinity]
    let image = Image(Tensor([1, 1, 6, 1], values))
    #expect(image.samples == [127, 128, 0, 255, 0, 255])
  }
}
