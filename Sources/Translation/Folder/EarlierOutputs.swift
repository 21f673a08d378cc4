import Files
import Foundation

/// What the records in an output folder say of the outputs that are there.
struct EarlierOutputs {
  /// What an output was made by, once for each record that tells of it.
  private var makers: [FileName: [Manifest.Entry]] = [:]

  /// Reads the records of all runs and parts of jobs; lines that make no sense are passed over.
  init(of folder: String) {
    let names = (try? FolderNames.list(folder)) ?? []
    for name in names where name.hasPrefix("manifest") && name.hasSuffix(".jsonl") {
      // Later lines tell of later runs. Which of two records is the later one, nothing tells.
      for (output, entry) in Self.lastEntries(FilePaths.join(folder, name)) {
        makers[output, default: []].append(entry)
      }
    }
  }

  /// Whether an output was made by another model, or for another domain, than a target's.
  ///
  /// What no record tells of, as in a folder that was moved, is taken for the target's own.
  func isOfAnother(_ output: String, than target: FolderTranslation.Target) -> Bool {
    var folders = RealFolders()
    guard let makers = makers[folders.real(output)] else { return false }
    return !makers.contains { Self.isBy(target, $0) }
  }

  private static func isBy(_ target: FolderTranslation.Target, _ entry: Manifest.Entry) -> Bool {
    guard entry.to == target.name else { return false }
    if let weights = target.weights, let recorded = entry.weights { return weights == recorded }
    func real(_ path: String) -> String { FilePaths.real(path) ?? path }
    return entry.model == target.model || real(entry.model) == real(target.model)
  }

  private static func lastEntries(_ file: String) -> [FileName: Manifest.Entry] {
    let decoder = JSONDecoder()
    var folders = RealFolders()
    var entries: [FileName: Manifest.Entry] = [:]
    for line in ((try? WholeFile.read(file)) ?? []).split(separator: UInt8(ascii: "\n")) {
      guard let entry = try? decoder.decode(Manifest.Entry.self, from: Data(line)),
        entry.error == nil
      else { continue }
      entries[folders.real(entry.output)] = entry
    }
    return entries
  }
}

/// The real paths of files whose folders are few: one file may be named in several ways.
private struct RealFolders {
  private var known: [FileName: String] = [:]

  mutating func real(_ path: String) -> FileName {
    let folder = FilePaths.folder(of: path)
    let real = known[FileName(folder)] ?? FilePaths.real(folder) ?? folder
    known[FileName(folder)] = real
    return FileName(FilePaths.join(real, FilePaths.name(of: path)))
  }
}
