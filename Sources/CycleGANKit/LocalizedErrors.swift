import Foundation

/// An error whose `localizedDescription` says what its `description` says: what was found and what to
/// do about it.
public protocol DescribedError: LocalizedError, CustomStringConvertible {}

extension DescribedError {
  /// `description`.
  public var errorDescription: String? { description }
}

extension AugmentationError: DescribedError {}
extension CheckpointError: DescribedError {}
extension CUDAError: DescribedError {}
extension DatasetError: DescribedError {}
extension FileError: DescribedError {}
extension IDXError: DescribedError {}
extension ImageError: DescribedError {}
extension LabelError: DescribedError {}
extension ModelLocationError: DescribedError {}
extension OutputError: DescribedError {}
extension ParameterMismatch: DescribedError {}
extension RecipeError: DescribedError {}
extension ScoreError: DescribedError {}
extension ScoringError: DescribedError {}
extension TrainingError: DescribedError {}
extension TranslationError: DescribedError {}
extension VideoError: DescribedError {}
