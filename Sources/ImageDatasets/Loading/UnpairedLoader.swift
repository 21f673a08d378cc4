import Augmentation
import Dispatch
import Images
import Synchronization
import Tensors

/// What a training step takes: as many pictures of A as of B.
public struct UnpairedExample: Sendable {
  /// Pictures of domain A, `[N, H, W, 3]` in −1…1.
  public let a: Tensor
  /// Pictures of domain B, `[N, H, W, 3]` in −1…1.
  public let b: Tensor
  /// The files behind `a`.
  public let pathsA: [String]
  /// The files behind `b`.
  public let pathsB: [String]
}

/// Makes the examples of training steps, ahead of the steps and on other threads.
///
/// An example depends on the seed, the epoch and the step alone: not on threads, on what was asked
/// for before, or on how much is kept in memory. So a run that goes on from the middle sees what
/// it would have seen.
public final class UnpairedLoader: Sendable {
  /// How examples are made.
  public struct Options: Sendable {
    /// What becomes of pictures that are not square.
    public enum Fit: String, Sendable, CaseIterable {
      /// Both sides are scaled to the load size, as the reference does.
      case stretch
      /// The shorter side is scaled to the load size, so that shapes stay; the crop is square.
      case keepShape
    }

    /// Pixels a side that pictures are scaled to; at least the crop size.
    public var loadSize = 286
    /// Pixels a side of what is cut out and trained on.
    public var cropSize = 256
    /// What becomes of pictures that are not square.
    public var fit = Fit.stretch
    /// What is done to scaled pictures before the crop; it leaves at least the crop's size.
    public var augmentation: Pipeline?
    /// Whether what is there of a broken picture is learnt from, rather than the next good one.
    public var acceptsDamage = false
    /// Mirror every second picture, by chance.
    public var flips = true
    /// Pictures of each domain in an example.
    public var batch = 1
    /// Another seed; other orders, crops and flips.
    public var seed: UInt64 = 0
    /// Steps made ahead of the one that is asked for.
    public var stepsAhead = 3
    /// Threads that make them.
    public var threads = 1
    /// Bytes of decoded pictures to keep, both domains together.
    public var cacheBytes = 512 << 20

    /// Creates the reference's options.
    public init() {}
  }

  private struct Key: Hashable {
    let epoch: Int
    let step: Int
  }

  private struct State {
    var ahead: [Key: Pending<UnpairedExample>] = [:]
    var epochs: [Int: UnpairedSampler.Epoch] = [:]
    var started = 0
  }

  /// How the examples are made.
  public let options: Options
  /// Which pictures meet.
  public let sampler: UnpairedSampler

  private let shelves: (a: PictureShelf, b: PictureShelf)
  private let augmentation: Pipeline
  private let queues: [DispatchQueue]
  private let state = Mutex(State())

  /// Creates a loader; nothing is read yet.
  ///
  /// - Parameters:
  ///   - a: Pictures of domain A.
  ///   - b: Pictures of domain B.
  ///   - options: How examples are made.
  ///   - onBroken: Called once for each file that is no readable picture, from any thread; the
  ///     next good picture takes its place.
  public init(
    a: ImageFolder, b: ImageFolder, options: Options = Options(),
    onBroken: @escaping @Sendable (BrokenPicture) -> Void = { _ in }
  ) {
    precondition(
      0 < options.cropSize && options.cropSize <= options.loadSize,
      "a crop of \(options.cropSize) from pictures of \(options.loadSize)")
    precondition(options.batch > 0, "a batch of \(options.batch)")
    precondition(options.threads > 0 && options.stepsAhead >= 0, "\(options.threads) threads")
    self.options = options
    sampler = UnpairedSampler(countA: a.count, countB: b.count, seed: options.seed)
    let size = options.loadSize, crop = options.cropSize
    let scaling: any PipelineStep =
      options.fit == .stretch ? Resize(width: size, height: size) : SmallestMaxSize(size: size)
    func shelf(_ folder: ImageFolder) -> PictureShelf {
      PictureShelf(
        folder, preparation: Pipeline([scaling]), acceptsDamage: options.acceptsDamage,
        capacity: options.cacheBytes / 2, onBroken: onBroken)
    }
    shelves = (shelf(a), shelf(b))
    let cropping = RandomCrop(width: crop, height: crop)
    let flipping: [any PipelineStep] = options.flips ? [HorizontalFlip()] : []
    let own: [any PipelineStep] = options.augmentation.map { [$0] } ?? []
    augmentation = Pipeline(own + [cropping] + flipping)
    queues = (0..<options.threads).map { DispatchQueue(label: "cyclegan.loader.\($0)") }
  }

  /// Steps in an epoch; the last one has fewer pictures where the batch does not divide it.
  public var stepsPerEpoch: Int {
    (sampler.placesPerEpoch + options.batch - 1) / options.batch
  }

  /// Pictures of each domain in a step that has all of them: no more than an epoch has places.
  public var picturesPerStep: Int { min(options.batch, sampler.placesPerEpoch) }

  /// The example of a step, waiting for it if it is not yet made.
  ///
  /// - Throws: `DatasetError` when a domain has no readable picture; `FileError` when one cannot be read
  ///   for the moment, through no fault of the file.
  public func pair(epoch: Int, index: Int) throws -> UnpairedExample {
    precondition((0..<stepsPerEpoch).contains(index), "step \(index) of \(stepsPerEpoch)")
    let wanted = keys(from: Key(epoch: epoch, step: index))
    let pending = state.withLock { state in
      // What lies behind, or in front of another position, is not needed any more.
      state.ahead = state.ahead.filter { wanted.contains($0.key) }
      for key in wanted where state.ahead[key] == nil { state.ahead[key] = start(key, &state) }
      return state.ahead.removeValue(forKey: wanted[0])
    }
    guard let pending else { preconditionFailure("step \(index) was not started") }
    return try pending.value()
  }

  private func keys(from first: Key) -> [Key] {
    (0...options.stepsAhead).map { offset in
      let step = first.step + offset
      return Key(epoch: first.epoch + step / stepsPerEpoch, step: step % stepsPerEpoch)
    }
  }

  private func start(_ key: Key, _ state: inout State) -> Pending<UnpairedExample> {
    let order = order(of: key.epoch, &state)
    defer { state.started += 1 }
    return Pending(on: queues[state.started % queues.count]) {
      try self.example(at: key.step, in: order)
    }
  }

  private func order(of epoch: Int, _ state: inout State) -> UnpairedSampler.Epoch {
    if let order = state.epochs[epoch] { return order }
    let order = sampler.epoch(epoch)
    state.epochs = state.epochs.filter { abs($0.key - epoch) <= 1 }
    state.epochs[epoch] = order
    return order
  }

  private func example(at step: Int, in order: UnpairedSampler.Epoch) throws -> UnpairedExample {
    let places = step * options.batch..<min((step + 1) * options.batch, sampler.placesPerEpoch)
    var picturesA: [Image] = [], picturesB: [Image] = []
    var pathsA: [String] = [], pathsB: [String] = []
    for place in places {
      let choice = order[place]
      let a = try shelves.a.picture(at: choice.a), b = try shelves.b.picture(at: choice.b)
      picturesA.append(try augmented(a.picture, epoch: order.number, place: place, domain: "A"))
      picturesB.append(try augmented(b.picture, epoch: order.number, place: place, domain: "B"))
      pathsA.append(a.path)
      pathsB.append(b.path)
    }
    return UnpairedExample(
      a: Tensor(picturesA), b: Tensor(picturesB), pathsA: pathsA, pathsB: pathsB)
  }

  private func augmented(
    _ picture: Image, epoch: Int, place: Int, domain: String
  ) throws -> Image {
    try augmentation.apply(
      to: picture, seed: options.seed, epoch: epoch, index: place, stream: domain)
  }
}
