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
      let copies = text.split(separator: "base64,").dropFirst().map { part in
        Data(base64Encoded: String(part.prefix { $0 != "\"" })).map { Array($0) } ?? []
      }
      #expect(copies.count == 2)
      for (bytes, original) in zip(copies, [before, after]) {
        let copy = try JPEG.decode(bytes)
        #expect(copy.width == 640 && copy.height == 213)
        let level = Int(original.composited(over: [255])[0, 0, 0])
        #expect(abs(Int(copy[320, 100, 0]) - level) <= 2)
      }
    }
  }
}
