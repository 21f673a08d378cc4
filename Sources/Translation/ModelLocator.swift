import Checkpoints
import Files
import Foundation

/// Finds model files by what a user names, or by what lies near.
package struct ModelLocator {
  /// A model file and why it was chosen.
  package struct Choice: Equatable {
    /// The model file.
    package let file: String
    /// What a person calls it: `Models/a2b (the newest run)`.
    package let words: String
  }

  /// The folder that `Models/` is looked for in first.
  package var currentFolder = FileManager.default.currentDirectoryPath
  /// Folders that may hold the bundled model, the first to be looked in first.
  package var bundledFolders = ["Models"] + Self.installedFolders

  /// A locator that looks where the program was started and where it is installed.
  package init() {}

  /// The model that is named, else that of the newest run, else the bundled one.
  ///
  /// - Parameter path: A model file, a run folder, or the name of a bundled model: `seasons`.
  /// - Throws: `ModelLocationError` if there is none.
  package func choose(_ path: String?) throws(ModelLocationError) -> Choice {
    if let path {
      do {
        return Choice(file: try Self.modelFile(at: path), words: path)
      } catch {
        // A folder of that name, such as a data set, may hold no model.
        guard let bundled = bundled(named: path) else { throw error }
        return bundled
      }
    }
    if let run = newestRun() {
      return Choice(file: RunFolder.modelPath(run), words: "\(run) (the newest run)")
    }
    guard let bundled = bundled(named: "seasons") else { throw .nothingNear }
    return bundled
  }

  private func bundled(named name: String) -> Choice? {
    let files = bundledFolders.map { "\($0)/\(name).safetensors" }
    return files.first { FileManager.default.fileExists(atPath: absolute($0)) }
      .map { Choice(file: $0, words: "\($0) (the bundled model)") }
  }

  /// The model file that a path stands for: the path itself, or the model of a run folder.
  ///
  /// - Throws: `ModelLocationError` if there is none.
  package static func modelFile(at path: String) throws(ModelLocationError) -> String {
    guard let entry = FileEntry(at: path) else { throw .missing(path) }
    guard entry.kind == .folder else { return path }
    let file = RunFolder.modelPath(path)
    guard FileManager.default.fileExists(atPath: file) else { throw .noModel(inFolder: path) }
    return file
  }

  /// The folder in `Models/` whose model was written last, of those that translate.
  private func newestRun() -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: absolute("Models"))) ?? []
    let runs = names.sorted().compactMap { name -> (run: String, written: Date)? in
      let run = "Models/" + name
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: absolute(RunFolder.modelPath(run)))
      return (attributes?[.modificationDate] as? Date).map { (run, $0) }
    }
    return runs.sorted { $0.written > $1.written }
      .first { !Self.makesSamples(absolute(RunFolder.modelPath($0.run))) }?.run
  }

  /// Whether a model is known to be one of `gan train`'s.
  private static func makesSamples(_ file: String) -> Bool {
    guard case .sampler = try? ModelKind(of: file) else { return false }
    return true
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : currentFolder + "/" + path
  }

  /// Where an installed program, and one that was built in place, have the bundled model.
  private static var installedFolders: [String] {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let executable = Bundle.main.executableURL ?? program
    let installed = executable.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("share/cyclegan/Models").path
    // This file lies in Sources/Translation of the package.
    let package = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
      url.deletingLastPathComponent()
    }
    return [installed, package.appendingPathComponent("Models").path]
  }
}

/// A model that cannot be found.
public enum ModelLocationError: Error, Equatable, CustomStringConvertible {
  /// The path names nothing.
  case missing(String)
  /// The folder is no run folder, or nothing has been saved in it yet.
  case noModel(inFolder: String)
  /// No model was named and none lies near.
  case nothingNear

  /// What is missing and the remedy, in a line or two.
  public var description: String {
    switch self {
    case .missing(let path):
      "There is no \(path). Name a model file or a run folder, such as Models/summer2winter."
    case .noModel(let folder):
      "\(folder) holds no model.safetensors. Name a run folder in which training has saved a model."
    case .nothingNear:
      "There is no model in Models/, and the bundled one is not installed. "
        + "Train one, or name one by --model."
    }
  }
}
