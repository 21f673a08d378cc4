import Files

/// The header of a safetensors file: which tensor lies where.
struct SafetensorsHeader {
  /// One tensor's place in the file.
  struct Entry: Equatable {
    let name: String
    let type: String
    let dimensions: [Int]
    /// Bytes from the start of the data.
    let begin: Int
    let end: Int
  }

  /// Longest header that is read, as in the format's own implementation.
  static let maximumBytes = 100_000_000

  var metadata: [String: String] = [:]
  var entries: [Entry] = []

  /// Bytes of all data.
  var dataBytes: Int { entries.map(\.end).max() ?? 0 }
}

// MARK: - Reading

extension SafetensorsHeader {
  /// Reads the JSON of a header, and checks that the tensors lie one after the other without holes.
  init(json: [UInt8]) throws(HeaderFault) {
    var scanner = HeaderScanner(json)
    try scanner.expect("{")
    var names: Set<String> = []
    var isFirst = true
    while try scanner.hasMember(&isFirst, close: "}") {
      let name = try scanner.string()
      try scanner.expect(":")
      guard names.insert(name).inserted else {
        throw HeaderFault("the name '\(name)' occurs twice in its header")
      }
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner)
      } else {
        entries.append(try Self.entry(name, &scanner))
      }
    }
    try scanner.expectEnd()
    try checkContiguity()
  }

  private static func metadata(_ scanner: inout HeaderScanner) throws(HeaderFault)
    -> [String: String]
  {
    var metadata: [String: String] = [:]
    var isFirst = true
    try scanner.expect("{")
    while try scanner.hasMember(&isFirst, close: "}") {
      let key = try scanner.string()
      try scanner.expect(":")
      guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
        throw HeaderFault("the key '\(key)' occurs twice in its metadata")
      }
    }
    return metadata
  }

  private static func entry(_ name: String, _ scanner: inout HeaderScanner) throws(HeaderFault)
    -> Entry
  {
    var type: String?, shape: [Int]?, offsets: [Int]?
    var isFirst = true
    try scanner.expect("{")
    while try scanner.hasMember(&isFirst, close: "}") {
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default: throw HeaderFault("'\(key)' is unknown or repeated in tensor '\(name)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw HeaderFault("tensor '\(name)' lacks a type, a shape or two ascending offsets")
    }
    let entry = Entry(
      name: name, type: type, dimensions: shape, begin: offsets[0], end: offsets[1])
    try checkSize(of: entry)
    return entry
  }

  /// Types that cannot be read count as one byte here: only that their shape can be counted.
  private static func checkSize(of entry: Entry) throws(HeaderFault) {
    let type = ReadableType(rawValue: entry.type)
    var bytes = type?.bytes ?? 1
    for dimension in entry.dimensions {
      // An extent of 0 must not hide others that nobody could multiply in another order.
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(dimension, 1))
      guard !overflow else {
        throw HeaderFault("the shape of tensor '\(entry.name)' is absurdly large")
      }
      bytes = product
    }
    if entry.dimensions.contains(0) { bytes = 0 }
    guard type == nil || bytes == entry.end - entry.begin else {
      throw HeaderFault(
        "tensor '\(entry.name)' of shape \(entry.dimensions) and type \(entry.type) "
          + "needs \(bytes) bytes and has \(entry.end - entry.begin)")
    }
  }

  private func checkContiguity() throws(HeaderFault) {
    var position = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == position else {
        throw HeaderFault(
          "tensor '\(entry.name)' begins at byte \(entry.begin) where \(position) was expected")
      }
      position = entry.end
    }
  }
}

// MARK: - Writing

extension SafetensorsHeader {
  /// The length field and the JSON, padded with spaces to a multiple of eight bytes.
  ///
  /// The order of the keys depends on nothing but their names.
  var encoded: [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.dimensions.map(String.init).joined(separator: ",")
      members.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\(Self.quoted(entry.type)),\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.begin),\(entry.end)]}")
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    let length = UInt64(json.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + json
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        result += "\\u" + scalar.value.digits(atLeast: 4, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
