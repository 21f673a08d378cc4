import Foundation

/// JSON as it stands in the metadata and in `options.json`.
enum CheckpointJSON {
  /// The JSON of a value, keys sorted.
  static func encode(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// The value that JSON stands for; unknown keys are ignored.
  ///
  /// - Parameters:
  ///   - key: Where the JSON stands, for the error.
  ///   - file: The file it stands in, for the error.
  static func decode<Value: Decodable>(
    _ type: Value.Type, _ json: String, key: String, file: String
  ) throws(CheckpointError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw CheckpointError(file: file, .metadata("\(key) \(words(error))"))
    } catch {
      throw CheckpointError(file: file, .metadata("\(key) is no valid JSON"))
    }
  }

  private static func words(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    let remedy = "perhaps another command or a newer version of cyclegan wrote it"
    switch error {
    case .keyNotFound(let key, let context):
      let path = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      return "lacks '\(path)': \(remedy)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "holds a value of the wrong kind in '\(place(context))': \(remedy)"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "holds an unknown value in '\(place(context))': \(remedy)"
    default:
      return "is no valid JSON"
    }
  }
}
