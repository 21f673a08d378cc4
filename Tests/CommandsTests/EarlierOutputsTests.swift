import Foundation
import TestSupport
import Testing

@Suite("Outputs that are there when translate begins")
struct EarlierOutputsTests {
  /// Translates into a folder and returns how many outputs of others were left alone.
  private func others(
    _ place: Workplace, _ model: String, _ options: [String] = [], output: String = "out"
  ) throws -> Int {
    let outcome = try place.run(
      ["translate", "in", output, "--model", model, "--json"] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let count = try #require(try outcome.json()["kept_of_others"] as? Int)
    let line = "of another model or domain than now asked for (--overwrite makes them anew)."
    #expect(outcome.errors.contains(line) == (count > 0), "\(outcome.errors)")
    return count
  }

  private func start(_ place: Workplace) throws {
    try place.writeModel("m.safetensors")
    try place.writeModel("n.safetensors", seed: 2)
    for name in ["a.png", "sub/b.png"] { try place.writePicture("in/" + name) }
    #expect(try others(place, "m.safetensors") == 0)
  }

  @Test("are told apart by the model's weights, wherever its file lies, and by the domain")
  func models() throws {
    try Workplace.with { place in
      try start(place)
      #expect(try others(place, "m.safetensors") == 0)
      #expect(try others(place, "m.safetensors", output: "./in/../out/") == 0)
      #expect(try others(place, "n.safetensors") == 2)
      #expect(try others(place, "n.safetensors", output: "./in/../out/") == 2)
      #expect(try others(place, "m.safetensors", ["--to", "day"]) == 2)
      #expect(try others(place, "m.safetensors", ["--cycle"]) == 2)
      try place.write(place.bytes("m.safetensors"), to: "copy.safetensors")
      #expect(try others(place, "copy.safetensors") == 0)
      // As when a run is trained on.
      try place.write(place.bytes("n.safetensors"), to: "m.safetensors")
      #expect(try others(place, "m.safetensors") == 2)

      #expect(try others(place, "n.safetensors", ["--overwrite"]) == 0)
      #expect(try others(place, "n.safetensors") == 0)
      #expect(try others(place, "copy.safetensors") == 2)
      try place.writePicture("in/new.png")
      #expect(try others(place, "copy.safetensors") == 2)
      #expect(try others(place, "copy.safetensors") == 2, "the new one is its own")
      #expect(try others(place, "n.safetensors") == 1)
    }
  }

  @Test("are told apart by the model's name where older records tell no more")
  func olderRecords() throws {
    try Workplace.with { place in
      try start(place)
      let record = String(decoding: try place.bytes("out/manifest.jsonl"), as: UTF8.self)
      let older = record.replacing(#/,"weights":"[0-9a-f]+"/#, with: "")
      #expect(older != record)
      try place.write(Array(older.utf8), to: "out/manifest.jsonl")
      #expect(try others(place, "m.safetensors") == 0)
      #expect(try others(place, "\(place.path)/m.safetensors") == 0)
      #expect(try others(place, "n.safetensors") == 2)
      try place.write(Array("no record\n".utf8), to: "out/manifest.jsonl")
      #expect(try others(place, "n.safetensors") == 0, "nothing is known of them")
    }
  }

  @Test("of several domains, and of parts of a job, are known by the records of all parts")
  func parts() throws {
    try Workplace.with { place in
      try start(place)
      let both = ["--to", "day", "--to", "night"]
      for part in ["0/2", "1/2"] {
        let outcome = try place.run(
          ["translate", "in", "both", "--model", "m.safetensors", "--shard", part] + both)
        #expect(outcome.status == 0)
      }
      #expect(try others(place, "m.safetensors", both, output: "both") == 0)
      #expect(try others(place, "n.safetensors", both, output: "both") == 4)
    }
  }
}
