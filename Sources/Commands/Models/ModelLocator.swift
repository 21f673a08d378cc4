import CycleGANKit
import Foundation

/// Finds model files by what a user names, or by what lies near.
enum ModelLocator {
  /// The model file that a path stands for: the path itself, or the model of a run folder.
  ///
  /// - Throws: `ModelLocationError` if there is none.
  static func modelFile(at path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ModelLocationError.missing(path)
    }
    guard isFolder.boolValue else { return path }
    let file = RunFolder.modelPath(path)
    guard FileManager.default.fileExists(atPath: file) else {
      throw ModelLocationError.noModel(inFolder: path)
    }
    return file
  }
}

/// A model that cannot be found.
enum ModelLocationError: Error, CustomStringConvertible {
  /// The path names nothing.
  case missing(String)
  /// The folder is no run folder, or nothing has been saved in it yet.
  case noModel(inFolder: String)

  var description: String {
    switch self {
    case .missing(let path):
      "There is no \(path). Name a model file or a run folder, such as Models/summer2winter."
    case .noModel(let folder):
      "\(folder) holds no model.safetensors. Name a run folder in which training has saved a model."
    }
  }
}
