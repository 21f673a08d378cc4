import Files
import Foundation
import Images

extension Seasons {
  /// Writes what a camera sees that turns over a scene, frame by frame: `summer` and `winter`.
  ///
  /// - Parameters:
  ///   - folder: Where to; made if missing.
  ///   - frames: Frames of each season.
  ///   - size: Rows and columns of each frame.
  ///   - step: Columns that the camera moves from a frame to the next.
  ///   - seed: Another seed, another scene.
  /// - Throws: `DatasetError` or `FileError` if the folder cannot be written.
  package static func writePan(
    to folder: String, frames: Int, size: Int, step: Int = 2, seed: UInt64
  ) throws {
    precondition(frames >= 1, "a pan of \(frames) frames")
    let scene = scene(seed: seed, index: 0)
    for (season, name) in [(Season.summer, "summer"), (.winter, "winter")] {
      let wide = scene.picture(season: season, width: size + step * (frames - 1), height: size)
      try NewFolder.create("\(folder)/\(name)")
      for frame in 0..<frames {
        let view = PixelRectangle(x: step * frame, y: 0, width: size, height: size)
        let path = "\(folder)/\(name)/\(FolderListing.numberedName(frame))"
        try ImageFile.write(wide.cropped(to: view), to: path)
      }
    }
  }
}
