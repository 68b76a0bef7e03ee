import Glibc

/// How the learning rate falls once it has risen.
public enum RateSchedule: String, Sendable, CaseIterable {
  /// In a line, to a tenth at the last step.
  case linear
  /// By half a wave, to 0 behind the last step (Loshchilov & Hutter, arXiv 1608.03983, without restarts).
  case cosine
  /// Not at all.
  case constant

  /// The part of the rate where this part of the steps is left, from 1 to 0.
  func factor(left: Double) -> Double {
    switch self {
    case .linear: 0.1 + 0.9 * left
    case .cosine: (1 - cos(Double.pi * left)) / 2
    case .constant: 1
    }
  }
}
