import Files

/// What domains and runs are called when nobody says, from the names of their folders.
public struct DomainNames: Equatable, Sendable {
  /// Domain A.
  public let a: String
  /// Domain B.
  public let b: String
  /// The run: the data set's name, or `<A>2<B>`.
  public let run: String

  /// Derives names from two folders.
  ///
  /// `summer/` and `winter/` are called so. `trainA` and `trainB`, as data sets have them, say
  /// nothing: then the folder above is asked, where `horse2zebra` gives both names.
  public init(folderA: String, folderB: String) {
    let pathA = Self.parts(folderA), pathB = Self.parts(folderB)
    let lastA = pathA.last ?? "A", lastB = pathB.last ?? "B"
    if Self.isGeneric(lastA, "a"), Self.isGeneric(lastB, "b") {
      let parent = pathA.dropLast().last
      let isShared = parent != nil && pathA.dropLast() == pathB.dropLast()
      let names = parent.flatMap { isShared ? Self.names(inDataset: $0) : nil }
      a = names?.a ?? "A"
      b = names?.b ?? "B"
      run = isShared ? parent ?? "A2B" : "\(a)2\(b)"
    } else {
      guard pathA != pathB else {
        (a, b, run) = ("A", "B", "A2B")
        return
      }
      let depth = zip(pathA.reversed(), pathB.reversed()).prefix { $0 == $1 }.count
      a = pathA.dropLast(depth).last ?? "A"
      b = pathB.dropLast(depth).last ?? "B"
      run = "\(a)2\(b)"
    }
  }

  /// The folder of test pictures that stands beside a training folder: `testA` beside `trainA`.
  ///
  /// - Returns: A path that may name nothing; nil for a folder that is not called so.
  public static func testFolder(beside folder: String) -> String? {
    var path = folder[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    for end in ["A", "B"] where path.hasSuffix("train" + end) {
      let parent = path.dropLast(6)
      if parent.isEmpty || parent.hasSuffix("/") { return parent + "test" + end }
    }
    return nil
  }

  private static func parts(_ path: String) -> [String] {
    FilePaths.parts(of: path).filter { $0 != "." && $0 != ".." }
  }

  private static func isGeneric(_ name: String, _ letter: String) -> Bool {
    ["", "train", "train_", "train-", "domain", "domain_"].contains {
      name.lowercased() == $0 + letter
    }
  }

  /// `summer2winter_yosemite` gives summer and winter.
  private static func names(inDataset name: String) -> (a: String, b: String)? {
    guard let two = name.firstIndex(of: "2") else { return nil }
    let a = name[..<two], b = name[name.index(after: two)...].prefix { $0 != "_" }
    guard a.allSatisfy(\.isLetter), b.allSatisfy(\.isLetter), !a.isEmpty, !b.isEmpty, a != b else {
      return nil
    }
    return (String(a), String(b))
  }
}
