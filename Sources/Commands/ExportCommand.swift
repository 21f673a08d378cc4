import ArgumentParser
import CycleGANKit
import Files

/// `cyclegan export`: a model as one file to pass on.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained model as one file to pass on.",
    discussion: """
      The file holds both generators, and what is known of them and their
      training; nothing that training would need to go on. Half precision makes it
      half the size; the pictures differ by a grey level here and there.

      EXAMPLES:
        cyclegan export Models/summer2winter summer2winter.safetensors
        cyclegan export Models/summer2winter small.safetensors --half
      """)

  @Argument(help: "A model file or a run folder.", completion: .file())
  var model: String

  @Argument(help: "The file to write.", completion: .file())
  var output: String

  @Flag(help: "Store 16 bits a weight instead of 32.")
  var half = false

  func validate() throws {
    if [".pt", ".pth"].contains(where: output.lowercased().hasSuffix) {
      throw ValidationError(
        "\(output): models are written as safetensors, which PyTorch reads by safetensors.torch."
          + " End the name in .safetensors.")
    }
  }

  func run() throws {
    let file = try ModelLocator().choose(model).file
    let model = try ModelFile.read(file)
    // Only what can be used is passed on.
    for direction in model.generators.keys {
      _ = try Translator(model, direction, file: file, on: CPUBackend(threads: 1))
    }
    try model.write(to: output, as: half ? .float16 : .float32)
    let bytes = FileEntry(at: output)?.byteCount ?? 0
    Console.note("Wrote \(output), \(Numbers.megabytes(bytes)).")
  }
}
