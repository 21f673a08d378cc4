import Fuzzing

/// Fuzzes the PNG decoder.
///
/// Each input is decoded as it is and with its chunks' check sums made right, without which hardly
/// any change would get past the first chunk.
@main
struct FuzzPNG {
  static func main() {
    Fuzzer.run { start, count in
      let bytes = Array(UnsafeBufferPointer(start: start, count: count))
      PictureFuzzing.decode(bytes)
      PictureFuzzing.decode(withRightChecksums(bytes))
      return 0
    }
  }
}

private func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
  var result = bytes
  var position = 8
  while position + 12 <= result.count {
    let length = result[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    let end = position + 8 + length
    guard end + 4 <= result.count else { break }
    let sum = checksum(result[position + 4..<end])
    for index in 0..<4 { result[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    position = end + 4
  }
  return result
}

/// CRC-32, bit by bit: inputs are small.
private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var sum = UInt32.max
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xedb8_8320 }
  }
  return ~sum
}
