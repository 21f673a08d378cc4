import ImageDatasets
import Images
import Tensors
import Testing

@Suite("Mixtures of Gaussians")
struct GaussianMixtureTests {
  @Test("A mixture's own points cover all its modes, 98.9 % of them good", arguments: [8, 25])
  func itself(modes: Int) throws {
    let mixture = try #require(GaussianMixture.all.first { $0.centers.count == modes })
    let points = mixture.points(count: 20_000, seed: 1)
    #expect(points.shape == [20_000, 1, 1, 2])
    let coverage = mixture.coverage(of: points)
    #expect(coverage.covered == modes && coverage.modes == modes)
    // 1 − exp(−9/2), with a standard error of 0.0007.
    #expect(abs(coverage.goodShare - 0.9889) < 0.004)
    let share = 20_000 / modes
    #expect(coverage.counts.allSatisfy { abs($0 - share) < share / 5 })
  }

  @Test("Points depend on seed and batch alone")
  func determinism() {
    let points = GaussianMixture.grid.points(count: 10, seed: 1, index: 3)
    #expect(points == GaussianMixture.grid.points(count: 10, seed: 1, index: 3))
    #expect(points != GaussianMixture.grid.points(count: 10, seed: 1, index: 4))
    #expect(points != GaussianMixture.grid.points(count: 10, seed: 2, index: 3))
  }

  @Test("What is three deviations away is good, what is farther or no number is not")
  func counting() {
    let ring = GaussianMixture.ring, center = ring.centers[2], reach = 3 * ring.deviation
    let points = Tensor(
      [5, 1, 1, 2],
      [
        center.x, center.y, center.x + reach * 0.99, center.y, center.x, center.y - reach * 1.01,
        0, 0, .nan, 0,
      ])
    let coverage = ring.coverage(of: points)
    #expect(coverage.counts == [0, 0, 2, 0, 0, 0, 0, 0])
    #expect(coverage.covered == 1 && coverage.goodShare == 0.4)
  }

  @Test("The plot shows good points in blue and others in red")
  func plot() {
    let top = Float(2).squareRoot()
    let good = GaussianMixture.ring.plot(Tensor([1, 1, 1, 2], [0, top]), size: 200)
    let (x, y) = (100, Int(200 * (0.5 - top / 4)))
    #expect(good[x, y, 2] > good[x, y, 0])
    let stray = GaussianMixture.ring.plot(Tensor([1, 1, 1, 2], [0, 0]), size: 200)
    #expect(stray[100, 100, 0] > stray[100, 100, 2])
    #expect((0..<3).allSatisfy { stray[0, 0, $0] == 255 && stray[199, 199, $0] == 255 })
    // Nowhere, and no fault.
    _ = GaussianMixture.ring.plot(Tensor([2, 1, 1, 2], [.nan, 0, .infinity, 9]), size: 50)
  }
}
