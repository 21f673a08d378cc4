/// The bits of entropy-coded picture data, without the zero bytes that are stuffed after 0xff.
struct EntropyBits {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var current: UInt8 = 0
  private var left = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The next bit, or `nil` at a marker or the end.
  mutating func next() -> Int? {
    if left == 0 {
      guard position < bytes.endIndex else { return nil }
      current = bytes[position]
      position += 1
      if current == 0xff {
        guard position < bytes.endIndex, bytes[position] == 0 else { return nil }
        position += 1
      }
      left = 8
    }
    left -= 1
    return Int(current >> UInt8(left) & 1)
  }

  /// The number of the next `count` bits.
  mutating func number(of count: Int) -> Int? {
    var result = 0
    for _ in 0..<count {
      guard let bit = next() else { return nil }
      result = result << 1 | bit
    }
    return result
  }

  /// Goes on after a restart marker, if one is here.
  mutating func skipRestartMarker() {
    left = 0
    guard position + 1 < bytes.endIndex, bytes[position] == 0xff,
      (0xd0...0xd7).contains(bytes[position + 1])
    else { return }
    position += 2
  }
}

/// Huffman codes for how many bits a difference has.
struct HuffmanTable {
  /// For each length, the codes' end, and where their symbols stand less the first code.
  private var ends = [Int](repeating: 0, count: 17)
  private var offsets = [Int](repeating: 0, count: 17)
  private var symbols: [UInt8] = []

  /// Reads a table of the form of JPEG files and says how many bytes it takes.
  static func read(_ body: ArraySlice<UInt8>) -> (HuffmanTable, length: Int)? {
    guard body.count >= 16 else { return nil }
    let counts = body.prefix(16).map { Int($0) }
    let total = counts.reduce(0, +)
    guard body.count >= 16 + total else { return nil }
    var table = HuffmanTable()
    table.symbols = Array(body.dropFirst(16).prefix(total))
    guard table.symbols.allSatisfy({ $0 <= 16 }) else { return nil }
    var code = 0, symbol = 0
    for (index, count) in counts.enumerated() {
      table.offsets[index + 1] = symbol - code
      code += count
      symbol += count
      table.ends[index + 1] = code
      guard code <= 1 << (index + 1) else { return nil }
      code <<= 1
    }
    return (table, 16 + total)
  }

  /// Decodes a difference, or gives `nil` where the data ends or has no such code.
  func difference(from bits: inout EntropyBits) -> Int? {
    var code = 0
    for length in 1...16 {
      guard let bit = bits.next() else { return nil }
      code = code << 1 | bit
      guard code < ends[length] else { continue }
      let count = Int(symbols[code + offsets[length]])
      // All sixteen bits are never written out: there is only one such difference.
      if count == 16 { return 32_768 }
      guard let number = bits.number(of: count) else { return nil }
      // Numbers that start with a 0 stand for negative differences.
      return count > 0 && number >> (count - 1) == 0 ? number - (1 << count) + 1 : number
    }
    return nil
  }
}
