import Augmentation
import Files
import Foundation
import Images
import Synchronization

/// A candidate that turned out not to be a readable picture.
public struct BrokenPicture: Error, Equatable {
  /// The file.
  public let path: String
  /// What is wrong with it, and the remedy.
  public let reason: String
}

/// The prepared pictures of a folder: decoded, in colour, scaled; kept while there is room.
final class PictureShelf: Sendable {
  let folder: ImageFolder
  private let preparation: Pipeline
  private let acceptsDamage: Bool
  private let capacity: Int
  private let onBroken: @Sendable (BrokenPicture) -> Void
  private let state = Mutex(State())

  private struct State {
    var kept: [Int: Image] = [:]
    var keptBytes = 0
    var broken: [Int: BrokenPicture] = [:]
  }

  /// - Parameters:
  ///   - preparation: Applied to each picture once; nothing in it may be random.
  ///   - acceptsDamage: Whether a part of a picture may be missing.
  ///   - capacity: Bytes of pictures to keep.
  ///   - onBroken: Called once for each broken file, from any thread.
  init(
    _ folder: ImageFolder, preparation: Pipeline, acceptsDamage: Bool, capacity: Int,
    onBroken: @escaping @Sendable (BrokenPicture) -> Void
  ) {
    self.folder = folder
    self.preparation = preparation
    self.acceptsDamage = acceptsDamage
    self.capacity = capacity
    self.onBroken = onBroken
  }

  /// The picture of an index, or the next good one after it.
  ///
  /// - Throws: `DatasetError` when no picture of the folder can be read; `FileError` where none is
  ///   to blame, as with a lost network drive: to learn without it would make another model.
  func picture(at index: Int) throws -> (picture: Image, path: String) {
    for offset in 0..<folder.count {
      let candidate = (index + offset) % folder.count
      let known = state.withLock { ($0.kept[candidate], $0.broken[candidate] != nil) }
      if let picture = known.0 { return (picture, folder.path(at: candidate)) }
      if known.1 { continue }
      do {
        let picture = try prepared(candidate)
        keep(picture, at: candidate)
        return (picture, folder.path(at: candidate))
      } catch let error as FileError where error.isOutOfReach {
        throw error
      } catch {
        report(BrokenPicture(path: folder.path(at: candidate), reason: "\(error)"), at: candidate)
      }
    }
    let reason = state.withLock { $0.broken.min { $0.key < $1.key }?.value.reason }
    throw DatasetError.noneReadable(folder.path, count: folder.count, reason: reason ?? "")
  }

  private func prepared(_ index: Int) throws -> Image {
    let path = folder.path(at: index)
    let picture = try retrying {
      acceptsDamage ? try ImageFile.recover(path).image : try ImageFile.read(path)
    }
    return try preparation.apply(to: picture.converted(toChannels: 3), seed: 0)
  }

  /// Reads a picture; where the file may not be to blame, twice more after a while.
  private func retrying(_ read: () throws -> Image) throws -> Image {
    for seconds in [0.1, 0.5] {
      do { return try read() } catch let error as FileError where error.isPassing {
        Thread.sleep(forTimeInterval: seconds)
      }
    }
    return try read()
  }

  private func keep(_ picture: Image, at index: Int) {
    state.withLock { state in
      guard state.keptBytes + picture.samples.count <= capacity else { return }
      // Two threads may have decoded the same picture.
      guard state.kept.updateValue(picture, forKey: index) == nil else { return }
      state.keptBytes += picture.samples.count
    }
  }

  private func report(_ picture: BrokenPicture, at index: Int) {
    let isNew = state.withLock { $0.broken.updateValue(picture, forKey: index) == nil }
    if isNew { onBroken(picture) }
  }
}
