import Foundation
import ImageDatasets
import Images

/// Which files are read and where their translations go.
struct TranslationPlan {
  /// One picture.
  struct Item: Sendable, Equatable {
    /// The file to read.
    let input: String
    /// The file to write.
    let output: String
    /// The format to write; nil for that of the input's bytes.
    let format: ImageFormat?
  }

  /// The pictures, in the order of their names.
  let items: [Item]

  /// Plans the translation of a picture or of a folder; makes the output folder.
  ///
  /// - Throws: `TranslationError` or `DatasetError`.
  init(input: String, output: String) throws {
    switch Self.kind(of: input) {
    case nil: throw TranslationError.missingInput(input)
    case .file: items = [try Self.item(input: input, output: output)]
    case .folder: items = try Self.items(input: input, output: output)
    }
  }

  private enum Kind { case file, folder }

  private static func kind(of path: String) -> Kind? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    return isFolder.boolValue ? .folder : .file
  }

  /// The output is a folder if it is one, ends in a slash or lacks the end of a picture's name.
  private static func item(input: String, output: String) throws -> Item {
    let isFolder =
      kind(of: output) == .folder || output.hasSuffix("/")
      || ImageFormat(extensionOf: output) == nil
    let folder = isFolder ? output : Self.folder(of: output)
    if isFolder, kind(of: output) == .file { throw TranslationError.outputIsAFile(output) }
    try create(folder)
    let name = isFolder ? Self.name(of: input) : Self.name(of: output)
    let path = join(folder, name)
    if realPath(path) == realPath(input) { throw TranslationError.outputIsInput(input) }
    // A file whose name belies its bytes keeps both, unless another format is asked for.
    let asked = ImageFormat(extensionOf: path)
    return Item(
      input: input, output: path, format: asked == ImageFormat(extensionOf: input) ? nil : asked)
  }

  private static func items(input: String, output: String) throws -> [Item] {
    let folder = try ImageFolder(input)
    if kind(of: output) == .file { throw TranslationError.outputIsAFile(output) }
    try create(output)
    let inputRoot = realPath(input), outputRoot = realPath(output)
    if inputRoot == outputRoot { throw TranslationError.outputIsInput(input) }

    // Pictures of an earlier translation that lies in the input are not translated again.
    let isInside = outputRoot.hasPrefix(inputRoot == "/" ? "/" : inputRoot + "/")
    let names = folder.names.filter { name in
      !isInside || !realPath(join(input, name)).hasPrefix(outputRoot + "/")
    }
    if names.isEmpty { throw DatasetError.noPictures(input) }

    let inputs = Set(names.map { join(inputRoot, $0) })
    return try names.map { name in
      if inputs.contains(join(outputRoot, name)) {
        throw TranslationError.collision(input: join(input, name), output: join(output, name))
      }
      return Item(input: join(input, name), output: join(output, name), format: nil)
    }
  }
}

// MARK: - Paths

extension TranslationPlan {
  /// Makes a folder and those above it.
  static func create(_ folder: String) throws(TranslationError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let code = cause.map { Int32($0.code) } ?? Int32((error as NSError).code)
      throw .uncreatable(folder: folder, reason: String(cString: strerror(code)))
    }
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private static func realPath(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}
