import ArgumentParser
import CycleGANKit
import Files
import Foundation

extension TranslateCommand {
  /// Whether the picture comes from standard input or goes to standard output.
  var isPipe: Bool { input == "-" || output == "-" }

  /// Translates one picture between pipes and files.
  func translatePipe(_ targets: [TranslateTargets.Target]) throws {
    try refuseFolderOptions(targets)
    if output != "-" { try refuseUnusableOutput() }
    let name = input == "-" ? "standard input" : input
    var picture = try StoredPicture(
      decoding: inputBytes(), name: name, acceptsDamage: files.acceptDamaged)
    if let damage = picture.damage, !quiet {
      Console.note(DamagedPictures.note(name, "translated", damage: damage))
    }
    if let size = files.size { try picture.scale(shorterSide: size, name: name) }
    picture.pixels = try targets[0].translation.translate([picture.pixels])[0]
    let asked = output == "-" ? nil : ImageFormat(extensionOf: output)
    let encoding = StoredPicture.Encoding(format: files.format ?? asked, quality: files.quality)
    let result = try picture.encoded(encoding, name: name)
    if output == "-" {
      try Console.write(result)
    } else {
      try AtomicFile.write(result, to: output)
    }
  }

  private func refuseUnusableOutput() throws {
    let entry = FileEntry(at: output)
    if entry?.kind == .folder || output.hasSuffix("/") {
      throw ValidationError(
        "\(output) is a folder, and a picture of a pipe has no name. Name a file.")
    }
    if PictureSearch.isForeign(output) {
      throw ValidationError(TranslationError.foreignFormat(output).description)
    }
    if entry != nil && !files.overwrite {
      throw ValidationError("\(output) is there already (--overwrite replaces it).")
    }
  }

  /// Refuses what makes sense for folders only.
  private func refuseFolderOptions(_ targets: [TranslateTargets.Target]) throws {
    guard targets.count == 1 else {
      throw ValidationError("A pipe holds one picture. Name one domain, or a folder.")
    }
    let options = [
      ("--compare", files.compare), ("--keep-times", files.keepTimes),
      ("--skip-existing", files.skipExisting), ("--shard", files.shard != nil),
    ]
    if let option = options.first(where: { $0.1 })?.0 {
      throw ValidationError("\(option) is for folders, and a pipe holds one picture.")
    }
    guard !json || output != "-" else {
      throw ValidationError("--json and the picture would both go to standard output.")
    }
  }

  private func inputBytes() throws -> [UInt8] {
    let limit = DecodingLimits().maximumBytes
    guard input == "-" else { return try WholeFile.read(input, limit: limit) }
    return try WholeFile.readStandardInput(limit: limit)
  }
}
