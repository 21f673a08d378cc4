import Foundation

// What was found and what to do about it, also for who asks for `localizedDescription`.

extension AugmentationError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension CheckpointError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension CUDAError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension DatasetError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension FileError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension IDXError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension ImageError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension LabelError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension ModelLocationError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension OutputError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension ParameterMismatch: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension RecipeError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension ScoreError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension ScoringError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension TrainingError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension TranslationError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
extension VideoError: LocalizedError {
  /// `description`.
  public var errorDescription: String? { description }
}
