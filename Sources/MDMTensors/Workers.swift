import Glibc
import Synchronization

/// Runs fixed pieces of work on some threads; what a piece computes never depends on their number.
package enum Workers {
  private static let limit = Atomic<Int>(initialCount())

  private static func initialCount() -> Int {
    if let text = getenv("MDM_THREADS"), let count = Int(String(cString: text)), count > 0 {
      return min(count, ThreadPool.greatest)
    }
    return max(1, min(ThreadPool.greatest, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The number of threads; at first the machine's cores or `MDM_THREADS`.
  package static var count: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, min(ThreadPool.greatest, newValue)), ordering: .relaxed) }
  }

  /// Calls `body` for each piece in `0..<pieces`; each thread takes the next free piece.
  ///
  /// A call from within a piece, or while another thread's call runs, uses the calling thread only.
  package static func run(_ pieces: Int, _ body: (_ piece: Int) -> Void) {
    let threads = min(count, pieces)
    if threads > 1 && ThreadPool.shared.run(pieces, threads: threads, body) { return }
    for piece in 0..<pieces { body(piece) }
  }
}
