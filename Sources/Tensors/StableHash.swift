/// A hash that is the same in every run and on every machine, which `Hasher`'s is not: FNV-1a, 64
/// bits.
package struct StableHash: Sendable {
  /// The hash of what has been added.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// Adds a number: a byte, where the hash is to be the usual one.
  package mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }

  /// Adds the bytes of a text.
  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
  }
}
