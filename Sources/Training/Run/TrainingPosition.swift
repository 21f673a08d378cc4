import GANs
import ImageDatasets
import Tensors

/// Where a run stands: all of the checkpoint that is no tensor.
struct TrainingPosition: RunPosition, Equatable {
  /// Steps done.
  var step = 0
  /// Steps of the generators' and of the discriminators' Adam.
  var generatorAdamSteps = 0
  var discriminatorAdamSteps = 0
  /// Pictures in the pools.
  var poolCountA = 0
  var poolCountB = 0
  /// How often discriminators see changed pictures, where that adapts.
  var adaptiveA: AdaptiveProbability?
  var adaptiveB: AdaptiveProbability?
  /// Losses since the last report.
  var losses = LossSum()
  /// Seconds trained, by all processes together.
  var seconds = 0.0
  /// Bytes of the log that belong to what is done.
  var logPosition = 0
  /// The pictures that the run learns from.
  var picturesA: PictureList
  var picturesB: PictureList
}

extension TrainingPosition {
  /// What keeps a run from going on from here; nil for nothing.
  func problem(poolSize: Int) -> String? {
    for count in [poolCountA, poolCountB] where !(0...poolSize).contains(count) {
      return "it keeps \(count) pictures in a pool, and --pool is \(poolSize)"
    }
    guard [adaptiveA, adaptiveB].allSatisfy({ $0?.isPossible ?? true }) else {
      return "its adaptive probability is none"
    }
    return problem([
      ("generatorAdamSteps", generatorAdamSteps),
      ("discriminatorAdamSteps", discriminatorAdamSteps),
    ])
  }
}

/// The names of a folder's pictures in brief, to notice when others are there on resuming.
struct PictureList: Codable, Equatable, Sendable {
  let count: Int
  /// Of the names, in order.
  let hash: UInt64

  init(_ folder: ImageFolder) {
    count = folder.count
    var hash = StableHash()
    for name in folder.names { hash.add(name + "\0") }
    self.hash = hash.value
  }
}
