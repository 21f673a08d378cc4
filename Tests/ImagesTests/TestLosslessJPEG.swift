/// An encoder of lossless JPEG with a Huffman code of five bits for every size of difference.
struct TestLosslessJPEG {
  var width: Int
  var height: Int
  var channels = 1
  var bits: Int
  var predictor: Int
  var shift = 0
  /// Rows between restart markers; 0 for none.
  var restartRows = 0
  /// Levels before the shift, `[height, width, channels]`, below `1 << (bits - shift)`.
  var levels: [Int]

  var encoded: [UInt8] {
    func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
      [0xff, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
    }
    func short(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
    let components = (1...UInt8(channels))
    var file: [UInt8] = [0xff, 0xd8]
    file += segment(
      0xc3,
      [UInt8(bits)] + short(height) + short(width) + [UInt8(channels)]
        + components.flatMap { [$0, 0x11, 0] })
    var counts = [UInt8](repeating: 0, count: 16)
    counts[4] = 17
    file += segment(0xc4, [0] + counts + (0...16))
    if restartRows > 0 { file += segment(0xdd, short(restartRows * width)) }
    file += segment(
      0xda,
      [UInt8(channels)] + components.flatMap { [$0, 0] } + [UInt8(predictor), 0, UInt8(shift)])
    return file + entropyCoded + [0xff, 0xd9]
  }

  private var entropyCoded: [UInt8] {
    var result: [UInt8] = []
    let rows = restartRows > 0 ? restartRows : height
    for (index, start) in stride(from: 0, to: height, by: rows).enumerated() {
      if index > 0 { result += [0xff, 0xd0 + UInt8((index - 1) % 8)] }
      var bits: [UInt8] = []
      for y in start..<min(start + rows, height) {
        for x in 0..<width {
          for channel in 0..<channels {
            append(differenceAt(x, y, channel, first: start), to: &bits)
          }
        }
      }
      while bits.count % 8 != 0 { bits.append(1) }
      for byte in stride(from: 0, to: bits.count, by: 8) {
        let value = bits[byte..<byte + 8].reduce(0) { $0 << 1 | $1 }
        result += value == 0xff ? [0xff, 0] : [value]
      }
    }
    return result
  }

  private func differenceAt(_ x: Int, _ y: Int, _ channel: Int, first: Int) -> Int {
    func level(_ x: Int, _ y: Int) -> Int { levels[(y * width + x) * channels + channel] }
    let prediction: Int
    if y == first {
      prediction = x == 0 ? 1 << (bits - shift - 1) : level(x - 1, y)
    } else if x == 0 {
      prediction = level(x, y - 1)
    } else {
      let a = level(x - 1, y), b = level(x, y - 1), c = level(x - 1, y - 1)
      prediction =
        [a, b, c, a + b - c, a + (b - c) >> 1, b + (a - c) >> 1, (a + b) >> 1][
          predictor - 1]
    }
    // Differences count modulo 65,536, from −32,767 to 32,768.
    let difference = (level(x, y) - prediction) & 0xffff
    return difference > 32_768 ? difference - 65_536 : difference
  }

  private func append(_ difference: Int, to bits: inout [UInt8]) {
    let size = Int.bitWidth - difference.magnitude.leadingZeroBitCount
    let number = difference > 0 ? difference : difference + (1 << size) - 1
    for bit in (0..<5).reversed() { bits.append(UInt8(size >> bit & 1)) }
    if size == 16 { return }
    for bit in (0..<size).reversed() { bits.append(UInt8(number >> bit & 1)) }
  }
}
