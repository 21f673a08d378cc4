import CCUDA
import Synchronization

/// The memory of a work that is rehearsed: the GPU's own, with notes on what comes and goes.
final class RehearsedMemory: MemorySource {
  private let whole: DeviceMemory
  private let state = Mutex(State())

  private struct State {
    var pieces: [MemoryPlan.Piece] = []
    var inUse: [CUdeviceptr: Int] = [:]
  }

  init(_ whole: DeviceMemory) { self.whole = whole }

  func take(_ bytes: Int) -> CUdeviceptr? {
    guard let address = whole.take(bytes) else { return nil }
    state.withLock { state in
      state.inUse[address] = state.pieces.count
      state.pieces.append(.init(bytes: DeviceMemory.rounded(bytes)))
    }
    return address
  }

  func give(_ address: CUdeviceptr, bytes: Int) {
    state.withLock { state in
      guard let index = state.inUse.removeValue(forKey: address) else { return }
      state.pieces[index].end = state.pieces.count
    }
    whole.give(address, bytes: bytes)
  }

  /// Where the pieces lie when the same comes and goes again; what is in use now is a result.
  var plan: MemoryPlan { MemoryPlan(state.withLock(\.pieces)) }
}

/// The memory of a work that is captured: blocks in which each piece has its place.
final class PlannedMemory: MemorySource {
  private let plan: MemoryPlan
  private let results: MemoryBlock
  private let scratchAddress: CUdeviceptr
  /// By when which pieces must have been given back.
  private let ending: [Int: [Int]]
  private let state: Mutex<State>

  private struct State {
    /// Nil once the work is captured: the graph has it then, and results do without.
    var scratch: MemoryBlock?
    /// How many pieces have been taken.
    var taken = 0
    /// The piece at an address.
    var inUse: [CUdeviceptr: Int] = [:]
    /// Whether it came and went in another way than planned.
    var isBroken = false
  }

  /// Takes the blocks.
  ///
  /// - Parameter lane: Works of the same lane share their scratch memory, since the GPU does one of them
  ///   after the other.
  /// - Returns: Nil if there is not enough memory.
  init?(_ plan: MemoryPlan, lane: Int, on device: CUDADevice) {
    guard let scratch = device.scratch.block(lane: lane, bytes: plan.scratchBytes),
      let results = MemoryBlock(bytes: plan.resultBytes, of: device.memory)
    else { return nil }
    self.plan = plan
    self.results = results
    scratchAddress = scratch.address
    state = Mutex(State(scratch: scratch))
    ending = Dictionary(grouping: plan.pieces.indices.filter { plan.pieces[$0].end != nil }) {
      plan.pieces[$0].end ?? 0
    }
  }

  /// Whether the next piece that is taken is the planned one, and its place free.
  func expects(_ bytes: Int) -> Bool { state.withLock { isPlanned(bytes, $0) } }

  private func isPlanned(_ bytes: Int, _ state: State) -> Bool {
    !state.isBroken && state.taken < plan.pieces.count
      && plan.pieces[state.taken].bytes == DeviceMemory.rounded(bytes)
      && ending[state.taken, default: []].allSatisfy { state.inUse[address(of: $0)] != $0 }
  }

  private func address(of piece: Int) -> CUdeviceptr {
    let block = plan.pieces[piece].end == nil ? results.address : scratchAddress
    return block + CUdeviceptr(plan.offsets[piece])
  }

  /// The place of the next piece; of one that is not planned any place, since the capture that asks for it
  /// is given up and nothing is done there.
  func take(_ bytes: Int) -> CUdeviceptr? {
    state.withLock { state in
      guard isPlanned(bytes, state) else {
        state.isBroken = true
        return scratchAddress
      }
      let address = address(of: state.taken)
      state.inUse[address] = state.taken
      state.taken += 1
      return address
    }
  }

  func give(_ address: CUdeviceptr, bytes: Int) { state.withLock { $0.inUse[address] = nil } }

  /// Ends the work.
  ///
  /// - Returns: The blocks, which a graph writes each time; nil if memory did not come and go as planned,
  ///   so that anything but results is in use now.
  func finish() -> [MemoryBlock]? {
    state.withLock { state in
      guard let scratch = state.scratch.take(), !state.isBroken,
        state.taken == plan.pieces.count,
        state.inUse.values.allSatisfy({ plan.pieces[$0].end == nil })
      else { return nil }
      return [scratch, results]
    }
  }
}

/// A block of a GPU's memory, until nobody refers to it any more.
final class MemoryBlock: Sendable {
  let address: CUdeviceptr
  let bytes: Int
  private let memory: DeviceMemory

  /// Takes it, unless it is empty; nil if there is not enough.
  init?(bytes: Int, of memory: DeviceMemory) {
    guard let address = bytes > 0 ? memory.take(bytes) : 0 else { return nil }
    self.address = address
    self.bytes = bytes
    self.memory = memory
  }

  deinit { if bytes > 0 { memory.give(address, bytes: bytes) } }
}

/// Scratch memory that graphs share, unless one needs more than those before it: what one of them leaves
/// there is of no use to the next.
final class SharedScratch: Sendable {
  private let memory: DeviceMemory
  private let lanes = Mutex<[Int: Reference]>([:])

  private struct Reference {
    weak var block: MemoryBlock?
  }

  init(_ memory: DeviceMemory) { self.memory = memory }

  /// The block of a lane, if it is in use and large enough, else a new one; nil if there is not enough
  /// memory.
  func block(lane: Int, bytes: Int) -> MemoryBlock? {
    lanes.withLock { lanes in
      if let block = lanes[lane]?.block, block.bytes >= bytes { return block }
      guard let block = MemoryBlock(bytes: bytes, of: memory) else { return nil }
      lanes[lane] = Reference(block: block)
      return block
    }
  }
}
