import ArgumentParser
import CycleGANKit
import Files
import Foundation

extension TranslateCommand {
  /// Whether the picture comes from standard input or goes to standard output.
  var isPipe: Bool { input == "-" || output == "-" }

  /// Translates one picture between pipes and files.
  func translatePipe(_ targets: [TranslateTargets.Target]) throws {
    guard targets.count == 1 else {
      throw ValidationError("A pipe holds one picture. Name one domain, or a folder.")
    }
    guard !json || output != "-" else {
      throw ValidationError("--json and the picture would both go to standard output.")
    }
    let name = input == "-" ? "standard input" : input
    let bytes =
      input == "-"
      ? Array(try FileHandle.standardInput.readToEnd() ?? Data()) : try WholeFile.read(input)
    var picture = try StoredPicture(decoding: bytes, name: name)
    if let size = files.size { picture.scale(shorterSide: size) }
    picture.pixels = try targets[0].translation.translate([picture.pixels])[0]
    let asked = output == "-" ? nil : ImageFormat(extensionOf: output)
    let encoding = StoredPicture.Encoding(format: files.format ?? asked, quality: files.quality)
    let result = try picture.encoded(encoding, name: name)
    if output == "-" {
      try FileHandle.standardOutput.write(contentsOf: Data(result))
    } else {
      try AtomicFile.write(result, to: output)
    }
  }
}
