import Tensors
import Testing

@testable import Checkpoints

@Suite("Reference layout")
struct ReferenceLayoutTests {
  @Test("An element [o, i, y, x] of the reference becomes our [i, y, x, o]")
  func permutes() {
    let shape: Shape = [17, 2, 3, 5]
    let reference = Tensor(shape, (0..<shape.count).map(Float.init))
    let ours = reference.filterFromReferenceLayout()
    #expect(ours.shape == [2, 3, 5, 17])
    for o in 0..<17 {
      for i in 0..<2 {
        for y in 0..<3 {
          for x in 0..<5 {
            let position = ((o * 2 + i) * 3 + y) * 5 + x
            #expect(ours[((i * 3 + y) * 5 + x) * 17 + o] == Float(position))
          }
        }
      }
    }
  }

  @Test(
    "There and back is where it began", arguments: [[1, 1, 1, 1], [3, 64, 7, 7], [16, 33, 4, 4]])
  func roundTrip(dimensions: [Int]) {
    let shape = Shape(dimensions)
    let filter = Tensor(shape, (0..<shape.count).map(Float.init))
    #expect(filter.filterFromReferenceLayout().filterInReferenceLayout() == filter)
    #expect(filter.filterInReferenceLayout().filterFromReferenceLayout() == filter)
  }
}
