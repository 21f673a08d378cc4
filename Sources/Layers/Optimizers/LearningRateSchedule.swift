import Glibc

/// What the learning rate is multiplied by in the course of a training.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  /// Always 1.
  case constant
  /// 1 for `flat` epochs, then evenly down over `decay` epochs, as in the reference.
  case flatThenLinear(flat: Int, decay: Int)
  /// Half a cosine wave from 1 down to 0 over so many epochs.
  case cosine(epochs: Int)

  /// The factor in an epoch, counted from 1.
  public func factor(epoch: Int) -> Double {
    precondition(epoch >= 1, "epochs are counted from 1, found \(epoch)")
    switch self {
    case .constant: return 1
    case .flatThenLinear(let flat, let decay):
      return max(0, 1 - Double(max(0, epoch - flat)) / Double(decay + 1))
    case .cosine(let epochs):
      let progress = min(1, Double(epoch - 1) / Double(max(1, epochs)))
      return (1 + cos(.pi * progress)) / 2
    }
  }
}
