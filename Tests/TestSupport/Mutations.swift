import Foundation
import Tensors

/// Seeded damage to small files, for tests of what reads them.
///
/// Bits are flipped, parts cut off, left out and doubled; in text, words become extreme numbers or
/// values of other kinds, members are repeated and left out, and brackets nest deeply.
package struct Mutations {
  private var random: SeededRandom

  /// - Parameters:
  ///   - purpose: What is damaged; keeps the damage to different files apart.
  ///   - number: Which of its mutations.
  private init(_ purpose: String, _ number: Int) {
    random = SeededRandom(seed: 1, index: number, purpose: RandomPurpose(purpose))
  }

  /// Hands out mutations of files, and collects what readers of them do wrong.
  ///
  /// A reader may accept what it gets, or throw an error whose text names the file. One that traps
  /// ends the tests; the number that was written to standard error last tells which mutation it was.
  ///
  /// - Parameters:
  ///   - count: How many; `CYCLEGAN_MUTATIONS` in the environment makes it so many times more.
  ///   - files: Sound files.
  ///   - purpose: What they are.
  ///   - name: What an error must name; nil for nothing.
  ///   - read: Reads a file.
  /// - Returns: Errors of sound files, and errors that do not name the file, each with the number of its mutation.
  package static func faults(
    _ count: Int, of files: [[UInt8]], _ purpose: String, naming name: String?,
    _ read: ([UInt8]) throws -> Void
  ) -> [String] {
    let environment = ProcessInfo.processInfo.environment
    let factor = environment["CYCLEGAN_MUTATIONS"].flatMap { Int($0) }
    var faults: [String] = []
    for (number, file) in files.enumerated() {
      do { try read(file) } catch { faults.append("sound file \(number): \(error)") }
    }
    for number in 0..<count * (factor ?? 1) {
      var mutations = Mutations(purpose, number)
      let mutated = mutations.mutated(files[number % files.count])
      if factor != nil {
        try? FileHandle.standardError.write(contentsOf: Data("\(purpose) \(number)\n".utf8))
      }
      do {
        try read(mutated)
      } catch {
        if let name, !"\(error)".contains(name) { faults.append("\(number): \(error)") }
      }
    }
    return faults
  }

  private mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.integer(below: 2) { bytes = changed(bytes) }
    return bytes
  }

  private mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [UInt8(random.integer(below: 256))] }
    var changed = bytes
    let place = random.integer(below: bytes.count)
    switch random.integer(below: 12) {
    case 0: changed[place] ^= 1 << UInt8(random.integer(below: 8))
    case 1: changed.removeSubrange(place...)
    case 2: changed.insert(contentsOf: part(of: bytes, from: place), at: place)
    case 3: changed.removeSubrange(place..<place + part(of: bytes, from: place).count)
    case 4:
      let number = Self.numbers[random.integer(below: Self.numbers.count)]
      for (index, byte) in number.enumerated() where place + index < bytes.count {
        changed[place + index] = byte
      }
    case 5: changed = withMemberRepeatedOrLeftOut(bytes)
    case 6: changed = withWord(of: bytes) { Self.nested($0, &$1) }
    default:
      changed = withWord(of: bytes) { _, random in
        Array(Self.words[random.integer(below: Self.words.count)].utf8)
      }
    }
    return changed
  }

  private mutating func part(of bytes: [UInt8], from place: Int) -> ArraySlice<UInt8> {
    bytes[place..<min(bytes.count, place + 1 + random.integer(below: 32))]
  }

  private mutating func withMemberRepeatedOrLeftOut(_ bytes: [UInt8]) -> [UInt8] {
    let ends = bytes.indices.filter { Array(",\n{}[]".utf8).contains(bytes[$0]) }
    guard ends.count > 1 else { return bytes }
    let first = random.integer(below: ends.count - 1)
    let member = ends[first]..<ends[first + 1]
    var changed = bytes
    if random.chance(0.5) {
      changed.removeSubrange(member)
    } else {
      changed.insert(contentsOf: bytes[member], at: member.upperBound)
    }
    return changed
  }

  /// A word or a number, with the quotes around it or without, put into brackets.
  private static func nested(_ word: ArraySlice<UInt8>, _ random: inout SeededRandom) -> [UInt8] {
    let depth = [3, 30, 600, 20_000][random.integer(below: 4)]
    let brackets = [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>")][random.integer(below: 3)]
    return Array(String(repeating: brackets.0, count: depth).utf8) + word
      + Array(String(repeating: brackets.1, count: depth).utf8)
  }

  private mutating func withWord(
    of bytes: [UInt8], _ change: (ArraySlice<UInt8>, inout SeededRandom) -> [UInt8]
  ) -> [UInt8] {
    func isInWord(_ byte: UInt8) -> Bool {
      let isLetter = (0x41...0x5a).contains(byte & 0xdf)
      return isLetter || (0x30...0x39).contains(byte) || Array("+-._\"".utf8).contains(byte)
    }
    let starts = bytes.indices.filter {
      isInWord(bytes[$0]) && ($0 == 0 || !isInWord(bytes[$0 - 1]))
    }
    guard !starts.isEmpty else { return bytes }
    let start = starts[random.integer(below: starts.count)]
    let end = bytes[start...].firstIndex { !isInWord($0) } ?? bytes.count
    return bytes[..<start] + change(bytes[start..<end], &random) + bytes[end...]
  }

  private static let numbers: [[UInt8]] = [
    [0], [255], [127], [0, 0, 0, 0], [255, 255, 255, 255], [127, 255, 255, 255],
    [255, 255, 255, 127], [0, 0, 0, 0, 0, 0, 0, 128], [255, 255, 255, 255, 255, 255, 255, 127],
    [0, 0, 192, 127], [0, 0, 128, 127],
  ]
  private static let words = [
    "0", "-1", "1", "2", "3", "7", "255", "65536", "1000000", "2147483648", "-2147483649",
    "4294967296", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e9",
    "1e30", "3e38", "-3e38", "1e308", "-1e308", "1e999", "1e-320", "0.5", "-0.5", "NaN", ".nan",
    ".inf", "-.inf", "inf", "null", "true", "[]", "{}", "\"\"", "\"x\"", "\"-1\"", "[1, -2]",
    "{\"a\": 1}", "",
  ]
}
