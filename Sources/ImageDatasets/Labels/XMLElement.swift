/// An element of an XML document: its name, its text, the elements in it.
///
/// Reads what label files hold: elements, text, comments, the five named entities and numbered
/// ones. Attributes are passed over; a document type with declarations of its own is refused.
/// Foundation's parser would bring libxml2, and takes tags that close nothing for well formed.
struct XMLElement {
  let name: String
  private(set) var text = ""
  private(set) var children: [XMLElement] = []
  /// The line of the start tag, counted from 1.
  let line: Int

  private init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// The first element of a name in this one.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text without spaces around it.
  var trimmed: String {
    let start = text.drop(while: \.isWhitespace)
    return String(
      start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
  }

  /// Reads a document.
  ///
  /// - Throws: `LabelError` where it is not well formed.
  static func read(_ bytes: [UInt8], file: String) throws(LabelError) -> XMLElement {
    var reader = XMLReader(bytes: bytes, file: file)
    return try reader.document()
  }

  private struct XMLReader {
    let bytes: [UInt8]
    let file: String
    var place = 0
    var line = 1

    init(bytes: [UInt8], file: String) {
      self.bytes = bytes
      self.file = file
    }

    private static let depthLimit = 64

    mutating func document() throws(LabelError) -> XMLElement {
      var open: [XMLElement] = []
      while place < bytes.count {
        guard bytes[place] == UInt8(ascii: "<") else {
          let text = try text()
          if !open.isEmpty { open[open.count - 1].text += text }
          continue
        }
        if try skipsMarkup(into: &open) { continue }
        let start = line
        let tag = try upTo(">")
        if tag.hasPrefix("/") {
          let name = tag.dropFirst().split(whereSeparator: \.isWhitespace).first.map(String.init)
          guard let element = open.popLast(), element.name == name else {
            throw problem("the end of '\(name ?? "")', which is not open here")
          }
          if open.isEmpty { return element }
          open[open.count - 1].children.append(element)
          continue
        }
        let isEmpty = tag.hasSuffix("/")
        let words = (isEmpty ? tag.dropLast() : tag[...]).split(whereSeparator: \.isWhitespace)
        guard let name = words.first else { throw problem("a tag without a name") }
        guard open.count < Self.depthLimit else { throw problem("elements too deep in each other") }
        let element = XMLElement(name: String(name), line: start)
        if !isEmpty {
          open.append(element)
        } else if open.isEmpty {
          return element
        } else {
          open[open.count - 1].children.append(element)
        }
      }
      throw problem(open.isEmpty ? "no element" : "'\(open[open.count - 1].name)' does not end")
    }

    /// Passes over what is no tag: comments, instructions, document types; takes raw text.
    private mutating func skipsMarkup(into open: inout [XMLElement]) throws(LabelError) -> Bool {
      let rest = bytes[place...]
      if rest.starts(with: "<!--".utf8) {
        _ = try upTo("-->", from: 4)
      } else if rest.starts(with: "<![CDATA[".utf8) {
        let text = try upTo("]]>", from: 9)
        if !open.isEmpty { open[open.count - 1].text += text }
      } else if rest.starts(with: "<?".utf8) {
        _ = try upTo("?>", from: 2)
      } else if rest.starts(with: "<!".utf8) {
        if try upTo(">", from: 2).contains("[") {
          throw problem("declarations, which are not read")
        }
      } else {
        return false
      }
      return true
    }

    /// What lies before an ending; goes on behind it.
    private mutating func upTo(_ end: String, from offset: Int = 1) throws(LabelError) -> String {
      let mark = Array(end.utf8)
      var at = place + offset
      while at + mark.count <= bytes.count {
        if bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) {
          let inside = bytes[min(place + offset, at)..<at]
          line += inside.count { $0 == UInt8(ascii: "\n") }
          place = at + mark.count
          return String(decoding: inside, as: UTF8.self)
        }
        at += 1
      }
      throw problem("'<' without '\(end)'")
    }

    /// Text up to the next tag, its entities replaced.
    private mutating func text() throws(LabelError) -> String {
      let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
      let raw = String(decoding: bytes[place..<end], as: UTF8.self)
      line += bytes[place..<end].count { $0 == UInt8(ascii: "\n") }
      place = end
      guard raw.contains("&") else { return raw }
      var result = ""
      for (number, part) in raw.split(separator: "&", omittingEmptySubsequences: false).enumerated()
      {
        if number == 0 {
          result += part
          continue
        }
        guard let semicolon = part.firstIndex(of: ";"),
          let character = Self.character(part[..<semicolon])
        else { throw problem("'&' that begins no known character; write &amp;") }
        result.append(character)
        result += part[part.index(after: semicolon)...]
      }
      return result
    }

    private static func character(_ name: Substring) -> Character? {
      switch name {
      case "lt": return "<"
      case "gt": return ">"
      case "amp": return "&"
      case "quot": return "\""
      case "apos": return "'"
      default:
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number =
          digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map(Character.init)
      }
    }

    private func problem(_ words: String) -> LabelError {
      LabelError(file, line: line, "not well-formed XML: \(words).")
    }
  }
}
