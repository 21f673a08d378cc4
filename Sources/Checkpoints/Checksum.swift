import Files
import Tensors

/// A checksum that notices damaged, missing and exchanged parts; no protection against intent.
///
/// Fletcher's two running sums, over 32-bit words in 64-bit arithmetic: it keeps up with the disk,
/// and any single damaged word changes it.
struct Checksum {
  private var sum: UInt64 = 1
  private var sumOfSums: UInt64 = 0

  /// Sixteen bytes in hexadecimal digits.
  var digits: String {
    [sum, sumOfSums].map { $0.digits(atLeast: 16, radix: 16) }.joined()
  }

  /// The checksum of a file's tensors and metadata, leaving out one key of the latter.
  init(_ contents: Safetensors, except key: String) {
    for (name, value) in contents.metadata.sorted(by: { $0.key < $1.key }) where name != key {
      add(name)
      add(value)
    }
    add(contents.tensors)
  }

  /// The checksum of parameters by their names.
  init(_ parameters: [String: Tensor]) { add(parameters) }

  private mutating func add(_ tensors: [String: Tensor]) {
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      add(name)
      for dimension in tensor.shape.dimensions { add(UInt64(dimension)) }
      tensor.withPointer { values in
        for index in 0..<tensor.count { add(UInt64(values[index].bitPattern)) }
      }
    }
  }

  private mutating func add(_ text: String) {
    text.utf8.forEach { add(UInt64($0)) }
    add(UInt64(text.utf8.count))
  }

  private mutating func add(_ word: UInt64) {
    sum &+= word
    sumOfSums &+= sum
  }
}
