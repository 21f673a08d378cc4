import Foundation
import Images
import Reports
import TestSupport
import Testing

@Suite("A page of comparisons")
struct ComparePageTests {
  @Test("holds small copies of both pictures, names that are safe, and nothing from elsewhere")
  func contents() throws {
    try withTemporaryFolder { folder in
      let name = #"a<b>&"c".png"#
      let before = Image(width: 900, height: 300, channels: 3, repeating: 200)
      let after = Image(width: 900, height: 300, channels: 4, repeating: 30)
      try ImageFile.write(before, to: "\(folder)/before.png")
      try ImageFile.write(after, to: "\(folder)/after.png")
      let pair = ComparePage.Pair(
        name: name, domain: "winter", before: "\(folder)/before.png", after: "\(folder)/after.png")
      let missing = ComparePage.Pair(
        name: "b.png", domain: "", before: "\(folder)/before.png", after: "\(folder)/none.png")
      let page = ComparePage(title: "x → y", pairs: [pair, missing])
      #expect(try page.write(to: "\(folder)/compare.html") == 1)
      let text = try String(contentsOfFile: "\(folder)/compare.html", encoding: .utf8)
      #expect(text.contains("a&lt;b&gt;&amp;&quot;c&quot;.png") && !text.contains(name))
      #expect(!text.contains("b.png"))
      #expect(!text.contains("http"))
      let copies = try smallCopies(of: "\(folder)/compare.html")
      #expect(copies.count == 2)
      for (bytes, original) in zip(copies, [before, after]) {
        let copy = try JPEG.decode(bytes)
        #expect(copy.width == 640 && copy.height == 213)
        let level = Int(original.composited(over: [255])[0, 0, 0])
        #expect(abs(Int(copy[320, 100, 0]) - level) <= 2)
      }
    }
  }

  @Test("Small copies mean their levels by the pictures' colour profiles")
  func profiles() throws {
    try withTemporaryFolder { folder in
      let profile = [UInt8](repeating: 1, count: 16) + Array("RGB ".utf8) + Array(0..<200)
      var picture = try StoredPicture(
        decoding: PNG.encode(Image(width: 8, height: 8, channels: 3, repeating: 90)), name: "")
      picture.metadata.profile = profile
      let file = "\(folder)/a.png"
      try Data(picture.encoded(name: file)).write(to: URL(fileURLWithPath: file))
      try ComparePage(title: "", pairs: [.init(name: "a", domain: "", before: file, after: file)])
        .write(to: "\(folder)/compare.html")
      let copies = try smallCopies(of: "\(folder)/compare.html")
      #expect(copies.count == 2)
      for copy in copies {
        #expect(try StoredPicture(decoding: copy, name: "").metadata.profile == profile)
      }
    }
  }

  /// The JPEG files in a page.
  private func smallCopies(of page: String) throws -> [[UInt8]] {
    try String(contentsOfFile: page, encoding: .utf8).split(separator: "base64,").dropFirst()
      .map { part in
        Data(base64Encoded: String(part.prefix { $0 != "\"" })).map { Array($0) } ?? []
      }
  }
}
