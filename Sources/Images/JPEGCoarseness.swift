extension JPEG.Coarseness {
  /// How coarse a JPEG file is; nil where it does not say, or says what cannot be written.
  init?(of bytes: [UInt8]) {
    var segments = JPEGSegments(bytes)
    var tables: [Int: [UInt16]] = [:]
    var components: [Component] = []
    while let segment = segments.next(), segment.marker != 0xda {
      switch segment.marker {
      case 0xdb: Self.readTables(segment.body, into: &tables)
      case 0xc0...0xc2: components = Component.read(segment.body)
      default: break
      }
    }
    guard let first = components.first, let brightness = tables[first.table],
      let color = tables[components.dropFirst().first?.table ?? first.table]
    else { return nil }
    self.init(
      divisors: .tables(brightness: brightness, color: color),
      subsampling: Self.subsampling(of: components))
  }

  /// One plane of a picture: how finely it is sampled, and which divisors it has.
  private struct Component {
    let horizontal: Int, vertical: Int, table: Int

    static func read(_ frame: ArraySlice<UInt8>) -> [Component] {
      guard let count = frame.number(at: 5, bytes: 1), frame.count >= 6 + 3 * count else {
        return []
      }
      let entries = Array(frame.dropFirst(6))
      return (0..<count).map {
        let factors = Int(entries[3 * $0 + 1])
        return Component(
          horizontal: factors >> 4, vertical: factors & 15, table: Int(entries[3 * $0 + 2]))
      }
    }
  }

  private static func subsampling(of components: [Component]) -> JPEG.Subsampling {
    guard components.count >= 3 else { return .both }
    let (first, second) = (components[0], components[1])
    let known = JPEG.Subsampling.allCases.first {
      first.horizontal == second.horizontal * Int($0.factors.horizontal)
        && first.vertical == second.vertical * Int($0.factors.vertical)
    }
    return known ?? .both
  }

  /// Reads tables of 64 divisors; files have them in the zigzag order of rising frequencies.
  private static func readTables(_ body: ArraySlice<UInt8>, into tables: inout [Int: [UInt16]]) {
    var rest = body
    while let selector = rest.first {
      let size = selector >> 4 == 0 ? 1 : 2
      guard rest.count > 64 * size else { return }
      var table = [UInt16](repeating: 1, count: 64)
      for (index, position) in zigzag.enumerated() {
        table[position] = UInt16(rest.number(at: 1 + index * size, bytes: size) ?? 1)
      }
      // A divisor of nothing stands in no sound file.
      guard !table.contains(0) else { return }
      tables[Int(selector & 15)] = table
      rest = rest.dropFirst(1 + 64 * size)
    }
  }

  /// The row-by-row place of each divisor in a file's order.
  private static let zigzag: [Int] = (0..<15).flatMap { diagonal in
    let places = (max(0, diagonal - 7)...min(diagonal, 7)).map { 8 * $0 + diagonal - $0 }
    return diagonal.isMultiple(of: 2) ? places.reversed() : places
  }
}
