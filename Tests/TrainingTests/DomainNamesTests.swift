import Testing
import Training

@Suite("Names from folders")
struct DomainNamesTests {
  @Test(
    "domains and run are named after the folders",
    arguments: [
      ("summer", "winter", ["summer", "winter", "summer2winter"]),
      ("summer/", "../data/winter//", ["summer", "winter", "summer2winter"]),
      ("seasons/trainA", "seasons/trainB", ["A", "B", "seasons"]),
      (
        "d/summer2winter_yosemite/trainA", "d/summer2winter_yosemite/trainB",
        ["summer", "winter", "summer2winter_yosemite"]
      ),
      ("horse2zebra/A/", "horse2zebra/B", ["horse", "zebra", "horse2zebra"]),
      ("trainA", "trainB", ["A", "B", "A2B"]),
      ("x/trainA", "y/trainB", ["A", "B", "A2B"]),
      ("summer/train", "winter/train", ["summer", "winter", "summer2winter"]),
      ("summer/train/small", "winter/train/small", ["summer", "winter", "summer2winter"]),
      ("mp3-2-wav/trainA", "mp3-2-wav/trainB", ["A", "B", "mp3-2-wav"]),
      ("same", "same", ["A", "B", "A2B"]),
      (".", "..", ["A", "B", "A2B"]),
    ])
  func names(a: String, b: String, expected: [String]) {
    let names = DomainNames(folderA: a, folderB: b)
    #expect([names.a, names.b, names.run] == expected)
  }

  @Test("test pictures stand beside trainA and trainB, and nowhere else")
  func testFolders() {
    #expect(DomainNames.testFolder(beside: "d/trainA/") == "d/testA")
    #expect(DomainNames.testFolder(beside: "trainB") == "testB")
    #expect(DomainNames.testFolder(beside: "constrainA") == nil)
    #expect(DomainNames.testFolder(beside: "summer") == nil)
  }
}
