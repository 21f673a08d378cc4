import Files

/// Samples as a WebDataset: a plain tar whose files of one sample share their name up to the dot.
///
/// - SeeAlso: POSIX.1-1988, ustar.
struct TarStream {
  private static let block = 512

  /// The bytes of a sample: picture, mask (`.mask.png`) and what the manifest says (`.json`).
  static func bytes(of sample: AugmentedSample, quality: Int) throws -> [UInt8] {
    let key = key(of: sample.name)
    let ending = sample.name.dropFirst(key.count).lowercased()
    var bytes = entry("\(key)\(ending)", try sample.encodedPicture(quality: quality))
    if let mask = try sample.encodedMask() { bytes += entry("\(key).mask.png", mask) }
    return bytes + entry("\(key).json", Array(sample.manifestLine.utf8))
  }

  /// What a sample is called, by the name of its picture.
  ///
  /// The first dot of a file's name ends what readers take for the sample's.
  static func key(of name: String) -> String {
    String(ImageFolder.stem(name).map { $0 == "." ? "_" : $0 })
  }

  /// What ends an archive.
  static let end = [UInt8](repeating: 0, count: 2 * block)

  /// A file: its header, its bytes, zeros up to the next block.
  static func entry(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let rest = (block - contents.count % block) % block
    return longName(name) + header(name, size: contents.count, kind: "0") + contents
      + [UInt8](repeating: 0, count: rest)
  }

  /// GNU's way to give a name of more than 100 bytes, which all readers know.
  private static func longName(_ name: String) -> [UInt8] {
    let bytes = Array(name.utf8) + [0]
    guard bytes.count > 100 else { return [] }
    let rest = (block - bytes.count % block) % block
    return header("././@LongLink", size: bytes.count, kind: "L") + bytes
      + [UInt8](repeating: 0, count: rest)
  }

  private static func header(_ name: String, size: Int, kind: Character) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at place: Int) {
      for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
    }
    for (offset, byte) in name.utf8.prefix(99).enumerated() { header[offset] = byte }
    put(0o644.digits(atLeast: 7, radix: 8), at: 100)
    put(0.digits(atLeast: 7, radix: 8), at: 108)
    put(0.digits(atLeast: 7, radix: 8), at: 116)
    put(size.digits(atLeast: 11, radix: 8), at: 124)
    // No time: equal samples are equal bytes.
    put(0.digits(atLeast: 11, radix: 8), at: 136)
    put("        ", at: 148)
    put(String(kind), at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(sum.digits(atLeast: 6, radix: 8) + "\0 ", at: 148)
    return header
  }
}
