import Files
import Foundation
import Images
import Translation

/// A picture that differs from those of other numbers.
func numberedPicture(_ number: Int) -> Image {
  randomPicture(width: 6, height: 4, seed: UInt64(number))
}

func inverted(_ picture: Image) -> Image {
  var result = picture
  for index in result.samples.indices where !picture.hasAlpha || index % picture.channels != 3 {
    result.samples[index] = 255 - result.samples[index]
  }
  return result
}

func translateInverted(_ input: String, to output: String) throws {
  _ = try FolderTranslation().run(input: input, output: output, translate: inverted)
}

func write(_ picture: Image, to path: String, _ format: ImageFormat = .png) throws {
  try write(ImageFile.encode(picture, as: format, name: path), to: path)
}

func write(_ bytes: [UInt8], to path: String) throws {
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  try AtomicFile.write(bytes, to: path)
}

func format(of path: String) throws -> ImageFormat? {
  ImageFormat(signatureOf: try WholeFile.read(path))
}

/// All files of a folder but the record, by their relative names, in order.
func files(in folder: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
      && !isFolder.boolValue && path != "manifest.jsonl" && !path.hasSuffix("/manifest.jsonl")
  }.sorted()
}
