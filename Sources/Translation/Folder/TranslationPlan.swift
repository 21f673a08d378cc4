import Files
import ImageDatasets
import Images

/// Which files are read and where their translations go.
struct TranslationPlan {
  /// One picture.
  struct Item: Sendable, Equatable {
    /// The file to read.
    let input: String
    /// The files to write, one for each target.
    let outputs: [String]
    /// The format to write; nil for that of the input's bytes.
    let format: ImageFormat?
  }

  /// What distinguishes one plan from another for the same folders.
  struct Request {
    /// A folder in the output for each target; the output itself where there is but one.
    var folders: [String] = [""]
    /// The format of all outputs; nil for each input's.
    var format: ImageFormat?
    /// Whether links may lead out of the input folder.
    var followsAllLinks = false
    /// Which part of the pictures is wanted.
    var shard: Shard?
  }

  /// The pictures, in the order of their names.
  private(set) var items: [Item] = []
  /// Links that are not followed, since they lead out of the input folder.
  private(set) var linksOut: [String] = []
  /// Why folders in the input cannot be listed.
  private(set) var unlistable: [FileError] = []
  /// Files named like pictures of formats that are not read.
  private(set) var foreignCount = 0
  /// The folder that the outputs lie in, if a folder is translated.
  private(set) var outputFolder: String?

  /// Plans the translation of a picture or of a folder; makes the output folder.
  ///
  /// - Throws: `TranslationError`, `DatasetError`, or `FileError` if the folder cannot be made.
  init(input: String, output: String, _ request: Request = .init()) throws {
    switch FileEntry(at: input)?.kind {
    case nil: throw TranslationError.missingInput(input)
    case .other: throw TranslationError.unusableInput(input)
    case .file: try planPicture(input, output, request)
    case .folder: try planFolder(input, output, request)
    }
  }

  /// The folders that outputs go to.
  var folders: [String] {
    let names = items.lazy.flatMap(\.outputs).map { FileName(FilePaths.folder(of: $0)) }
    return Set(names).map(\.text).sorted()
  }
}

// MARK: - One picture

extension TranslationPlan {
  /// The output is a folder if it is one, ends in a slash or lacks the end of a picture's name.
  private mutating func planPicture(_ input: String, _ output: String, _ request: Request) throws {
    let existing = FileEntry(at: output)?.kind
    if existing != .folder, !output.hasSuffix("/"), PictureSearch.isForeign(output) {
      throw TranslationError.foreignFormat(output)
    }
    if existing == .other { throw TranslationError.outputIsNoFile(output) }
    let isFolder =
      existing == .folder || output.hasSuffix("/")
      || ImageFormat(extensionOf: output) == nil || request.folders.count > 1
    if isFolder, existing == .file {
      throw TranslationError.outputIsAFile(output)
    }
    let folder = isFolder ? output : FilePaths.folder(of: output)
    let name =
      isFolder
      ? Self.renamed(FilePaths.name(of: input), request.format) : FilePaths.name(of: output)
    let outputs = request.folders.map { FilePaths.join(Self.inside(folder, $0), name) }
    for path in outputs {
      try NewFolder.create(FilePaths.folder(of: path))
      if let there = FileIdentity(of: path), there == FileIdentity(of: input) {
        throw TranslationError.outputIsInput(input)
      }
    }
    // A file whose name belies its bytes keeps both, unless another format is asked for.
    let asked = ImageFormat(extensionOf: name)
    let format = request.format ?? (asked == ImageFormat(extensionOf: input) ? nil : asked)
    if let shard = request.shard, !shard.contains(FilePaths.name(of: input)) { return }
    items = [Item(input: input, outputs: outputs, format: format)]
  }
}

// MARK: - A folder

extension TranslationPlan {
  private mutating func planFolder(_ input: String, _ output: String, _ request: Request) throws {
    if FileEntry.isFile(output) { throw TranslationError.outputIsAFile(output) }
    try NewFolder.create(output)
    outputFolder = output
    guard let inputRoot = FilePaths.real(input), let outputRoot = FilePaths.real(output) else {
      throw TranslationError.missingInput(input)
    }
    let outputIdentity = FileIdentity(of: output)
    if FileIdentity(of: input) == outputIdentity { throw TranslationError.outputIsInput(input) }

    // Pictures of an earlier translation that lies in the input are not translated again.
    let search = try PictureSearch(
      input, excluding: outputIdentity, followsAllLinks: request.followsAllLinks)
    (linksOut, unlistable, foreignCount) = (
      search.linksOut, search.unlistable, search.foreignCount
    )
    if search.names.isEmpty {
      throw DatasetError.noPictures(input, foreignCount: foreignCount)
    }
    items = search.names.map { name in
      let renamed = Self.renamed(name, request.format)
      return Item(
        input: FilePaths.join(input, name),
        outputs: request.folders.map { FilePaths.join(Self.inside(output, $0), renamed) },
        format: request.format)
    }
    try refuseCollisions(from: inputRoot, names: search.names, to: outputRoot)
    try refuseLeavingFolders(outputRoot)
    if let shard = request.shard {
      items = zip(search.names, items).filter { shard.contains($0.0) }.map(\.1)
    }
  }

  /// Refuses two pictures with one output, and outputs in the place of inputs.
  private func refuseCollisions(from inputRoot: String, names: [String], to outputRoot: String)
    throws(TranslationError)
  {
    var takenBy: [FileName: String] = [:]
    for item in items {
      for output in item.outputs {
        // Names that are no text can look the same; why they cannot be read is said of each.
        if let first = takenBy.updateValue(item.input, forKey: FileName(output)),
          FileName(first) != FileName(item.input)
        {
          throw .sameOutput(first, item.input, output: output)
        }
      }
    }
    guard FilePaths.contains(outputRoot, inputRoot) else { return }
    let inputs = Set(names.map { FileName(FilePaths.join(inputRoot, $0)) })
    for item in items {
      for output in item.outputs {
        let folder = FilePaths.real(FilePaths.folder(of: output)) ?? FilePaths.folder(of: output)
        if inputs.contains(FileName(FilePaths.join(folder, FilePaths.name(of: output)))) {
          throw .collision(input: item.input, output: output)
        }
      }
    }
  }

  /// Refuses links among the output's folders that would have pictures written elsewhere.
  private func refuseLeavingFolders(_ outputRoot: String) throws(TranslationError) {
    for folder in folders {
      guard let real = FilePaths.real(folder) else { continue }
      if !FilePaths.contains(outputRoot, real) { throw .outputLeadsOut(folder, to: real) }
    }
  }

  private static func inside(_ folder: String, _ name: String) -> String {
    name.isEmpty ? folder : FilePaths.join(folder, name)
  }

  /// A name that ends as the format asks.
  private static func renamed(_ name: String, _ format: ImageFormat?) -> String {
    guard let format, format != ImageFormat(extensionOf: name),
      let dot = name.lastIndex(of: ".")
    else { return name }
    return name[..<dot] + "." + format.fileExtension
  }
}
