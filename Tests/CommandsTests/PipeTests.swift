import Foundation
import TestSupport
import Testing

@Suite("cyclegan translate between pipes")
struct PipeTests {
  /// Runs the program in a shell that sets up its streams.
  private func run(_ arguments: String, in place: Workplace) throws -> Int32 {
    let shell = try #require(InstalledProgram("sh"))
    let command = "\"$0\" translate --model m.safetensors --quiet \(arguments)"
    return try shell.run(["-c", command, Program.path.path], in: place.path).status
  }

  @Test("makes what it makes of files", arguments: ["png", "jpg"])
  func sameAsFiles(ending: String) throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in.\(ending)", as: ending == "png" ? .png : .jpeg)
      #expect(try run("in.\(ending) whole.\(ending)", in: place) == 0)
      let whole = try place.bytes("whole.\(ending)")
      for arguments in [
        "- - < in.\(ending) > both", "in.\(ending) - > both", "- both.\(ending) < in.\(ending)",
      ] {
        #expect(try run(arguments, in: place) == 0, "\(arguments)")
        let written = arguments.hasSuffix("> both") ? "both" : "both.\(ending)"
        #expect(try place.bytes(written) == whole, "\(arguments)")
      }
    }
  }

  @Test("translates what is there of what is cut off where that is asked for")
  func cutOff() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in.jpg", width: 64, height: 64, as: .jpeg)
      try place.write(place.bytes("in.jpg").dropLast(100), to: "in.jpg")
      #expect(try run("- - < in.jpg > out", in: place) == 1)
      #expect(try run("- - --accept-damaged < in.jpg > out", in: place) == 0)
      #expect(try place.picture("out").height == 64)
    }
  }

  @Test("writes nothing of what cannot be read, and replaces nothing unless told so")
  func refusals() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in.png")
      try place.write([1, 2, 3], to: "there.png")
      for (arguments, status) in [
        ("- - < /dev/null > out", 1), ("- - < there.png > out", 1),
        ("- there.png < in.png > out", 64), ("- new.png --compare < in.png > out", 64),
        ("- new.webp < in.png > out", 64), ("- . < in.png > out", 64), ("- - <&- > out", 1),
        ("- - --to day --to night < in.png > out", 64), ("- - --json < in.png > out", 64),
      ] {
        #expect(try run("\(arguments) 2>errors", in: place) == status, "\(arguments)")
        #expect(try place.bytes("out").isEmpty, "\(arguments)")
        #expect(try place.bytes("errors").starts(with: Array("Error: ".utf8)), "\(arguments)")
      }
      #expect(try place.bytes("there.png") == [1, 2, 3])
      #expect(try run("- there.png --overwrite < in.png", in: place) == 0)
      #expect(try place.picture("there.png").width == place.picture("in.png").width)
    }
  }
}
