import Foundation
import Fuzzing

/// Runs one case after another; whatever stops it, its parent knows the case from the progress.
struct Worker {
  private let target: any FuzzTarget
  private let seed: UInt64
  private let progress: Progress

  /// A case may use so many seconds of the processor; then SIGPROF ends the process.
  static let secondsPerCase = 10
  static let memoryLimit: UInt = 4 << 30
  /// The exit status where a law is broken.
  static let brokenLaw: Int32 = 70

  init(_ target: any FuzzTarget, seed: UInt64, progress: Progress) {
    self.target = target
    self.seed = seed
    self.progress = progress
  }

  func loop(_ from: UInt64) throws {
    Self.setLimits()
    var index = from
    while true {
      progress.index = index
      var random = RandomNumbers(seed: seed, index: index)
      Self.run(target, target.input(&random))
      index += 1
    }
  }

  /// Runs a saved case in this process.
  static func runOne(_ target: any FuzzTarget, _ input: Data) throws {
    setLimits()
    run(target, Array(input))
    print("the case passes")
  }

  private static func run(_ target: any FuzzTarget, _ input: [UInt8]) {
    var limit = itimerval(
      it_interval: timeval(), it_value: timeval(tv_sec: secondsPerCase, tv_usec: 0))
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    do {
      try target.run(input)
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(brokenLaw)
    }
  }

  private static func setLimits() {
    var limit = rlimit(rlim_cur: memoryLimit, rlim_max: memoryLimit)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    var core = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
  }
}
