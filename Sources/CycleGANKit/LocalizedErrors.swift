import Foundation

// What was found and what to do about it, also for who asks for `localizedDescription`.

extension AugmentationError: LocalizedError {
  public var errorDescription: String? { description }
}
extension CheckpointError: LocalizedError {
  public var errorDescription: String? { description }
}
extension CUDAError: LocalizedError {
  public var errorDescription: String? { description }
}
extension DatasetError: LocalizedError {
  public var errorDescription: String? { description }
}
extension FileError: LocalizedError {
  public var errorDescription: String? { description }
}
extension IDXError: LocalizedError {
  public var errorDescription: String? { description }
}
extension ImageError: LocalizedError {
  public var errorDescription: String? { description }
}
extension LabelError: LocalizedError {
  public var errorDescription: String? { description }
}
extension ModelLocationError: LocalizedError {
  public var errorDescription: String? { description }
}
extension OutputError: LocalizedError {
  public var errorDescription: String? { description }
}
extension ParameterMismatch: LocalizedError {
  public var errorDescription: String? { description }
}
extension RecipeError: LocalizedError {
  public var errorDescription: String? { description }
}
extension ScoreError: LocalizedError {
  public var errorDescription: String? { description }
}
extension ScoringError: LocalizedError {
  public var errorDescription: String? { description }
}
extension TrainingError: LocalizedError {
  public var errorDescription: String? { description }
}
extension TranslationError: LocalizedError {
  public var errorDescription: String? { description }
}
extension VideoError: LocalizedError {
  public var errorDescription: String? { description }
}
