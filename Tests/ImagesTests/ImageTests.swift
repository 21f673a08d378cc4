import Images
import Testing

@Suite("Pictures")
struct ImageTests {
  @Test("change in place, also from other modules")
  func inPlace() {
    var image = Image(width: 8, height: 4, channels: 3)
    var deep = DeepImage(
      width: 8, height: 4, channels: 1, samples: [UInt16](repeating: 0, count: 32))
    let places = [address(image.samples), address(deep.samples)]
    image.samples[0] = 7
    #expect(address(image.samples) == places[0])
    for index in image.samples.indices { image.samples[index] = 7 }
    image[7, 3, 2] = 9
    image.samples.replaceSubrange(0..<2, with: [1, 2])
    deep.samples[31] = 500
    #expect([address(image.samples), address(deep.samples)] == places)
    #expect(image.samples.suffix(2) == [7, 9] && image.samples.prefix(3) == [1, 2, 7])
    #expect(deep.samples[31] == 500)
  }

  private func address<Sample>(_ samples: [Sample]) -> Int {
    samples.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
  }
}
