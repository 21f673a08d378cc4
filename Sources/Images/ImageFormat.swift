import Files

/// The file formats that are read and written.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// Portable Network Graphics: every sample as it was.
  case png
  /// JPEG: photographs in a fraction of the bytes, not quite as they were.
  case jpeg

  /// The format whose signature the bytes start with, whatever the file is called.
  public init?(signatureOf bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// The format that a file's name asks for by `.png`, `.jpg`, `.jpeg`, `.jpe` or `.jfif`, in any
  /// case.
  public init?(extensionOf path: String) {
    let name = FilePaths.name(of: path)
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[dot...].lowercased() {
    case ".png": self = .png
    case ".jpg", ".jpeg", ".jpe", ".jfif": self = .jpeg
    default: return nil
    }
  }

  /// Whether a file is named like a picture of a format that is not read.
  public static func isForeign(_ path: String) -> Bool {
    let name = FilePaths.name(of: path)
    guard let dot = name.lastIndex(of: ".") else { return false }
    return foreignExtensions.contains(name[dot...].lowercased())
  }

  private static let foreignExtensions: Set = [
    ".avif", ".bmp", ".gif", ".heic", ".heif", ".jp2", ".jxl", ".tif", ".tiff", ".webp",
  ]

  /// The usual end of a file's name: `png` or `jpg`.
  public var fileExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    }
  }

  /// A guess at the format of bytes that are neither PNG nor JPEG.
  static func guessForeign(_ bytes: [UInt8]) -> String? {
    func holds(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if holds("GIF8") { return "GIF" }
    if holds("RIFF"), holds("WEBP", at: 8) { return "WebP" }
    if holds("BM") { return "BMP" }
    if holds("II*\0") || holds("MM\0*") { return "TIFF" }
    if holds("ftyphei", at: 4) || holds("ftypmif1", at: 4) { return "HEIC" }
    if holds("ftypavif", at: 4) { return "AVIF" }
    if holds("\0\0\0\u{0c}jP  ") { return "JPEG 2000" }
    return nil
  }
}
