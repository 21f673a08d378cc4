import ArgumentParser
import CycleGANKit
import Files
import Foundation

/// What is to be scored: samples that a model makes, pictures in a folder, or points in a table.
enum ScoredSamples {
  case made(NumberedSamples, SamplerFileDescription)
  case folder(String)
  case table(String)

  /// Finds out what a path names.
  ///
  /// - Parameters:
  ///   - path: A run folder or model file, a folder of pictures, or a table of points.
  ///   - count: Samples to make of a model.
  ///   - seed: Of the model's noise.
  init(_ path: String, count: Int, seed: UInt64, on backend: any Backend) throws {
    if path.lowercased().hasSuffix(".csv") {
      self = .table(path)
      return
    }
    let isModel =
      switch FileEntry(at: path)?.kind {
      case .folder: FileEntry(at: RunFolder.modelPath(path)) != nil
      case nil: false
      default: path.hasSuffix(".safetensors")
      }
    guard isModel else {
      self = .folder(path)
      return
    }
    let (file, sampler) = try NumberedSamples.sampler(of: path, on: backend)
    self = .made(
      NumberedSamples(
        sampler, seed: seed, labels: file.description.generator.evenLabels(count)),
      file.description)
  }

  /// Whether these are points and no pictures, whatever they turn out to be.
  var arePoints: Bool {
    switch self {
    case .made(_, let description): description.generator.sample.isPoint
    case .table: true
    case .folder: false
    }
  }

  /// Pixels per side, where the samples decide.
  var size: Int? {
    if case .made(_, let description) = self { description.generator.sample.size } else { nil }
  }

  /// Channels, where the samples decide.
  var channels: Int? {
    if case .made(_, let description) = self { description.generator.sample.channels } else { nil }
  }

  /// The samples, which must not be points, as pictures of the data's size and channels.
  func pictures(like data: LabelledPictures) throws -> LabelledPictures {
    switch self {
    case .made(let samples, let description):
      var pictures: [Image] = [], classes: [Int] = []
      samples.forEachPicture { _, label, picture in
        pictures.append(picture)
        classes.append(label)
      }
      let labels = description.labels.isEmpty ? [""] : description.labels
      return LabelledPictures(pictures, classes: classes, labels: labels)
    case .folder(let path):
      return try LabelledPictures.open(path, size: data.width, channels: data.channels)
    case .table(let path): preconditionFailure("pictures of the table \(path)")
    }
  }

  /// The samples, which must be points, `[N, 1, 1, 2]`.
  func points() throws -> Tensor {
    switch self {
    case .made(let samples, let description):
      precondition(description.generator.sample.isPoint, "points of a model of pictures")
      return samples.points
    case .folder(let path): preconditionFailure("points of the folder \(path)")
    case .table(let path): return try Self.readTable(path)
    }
  }

  /// Points from lines `x,y`; the first line may be a heading.
  private static func readTable(_ path: String) throws -> Tensor {
    let text = String(decoding: try WholeFile.read(path, limit: 1 << 30), as: UTF8.self)
    var values: [Float] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let words = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let numbers = words.compactMap(Float.init)
      if number == 0, numbers.isEmpty { continue }
      guard words.count == 2, numbers.count == 2 else {
        throw ValidationError("\(path), line \(number + 1): '\(line)' is not a point x,y.")
      }
      values += numbers
    }
    guard !values.isEmpty else { throw ValidationError("\(path) holds no points.") }
    return Tensor([values.count / 2, 1, 1, 2], values)
  }
}
