import Glibc
import Synchronization

/// The pages of some files that were unpacked last, up to a number of bytes but at least one.
public final class PageCache: Sendable {
  /// The bytes of unpacked pages that are kept by default.
  public static let defaultLimit = 64 << 20

  private struct State {
    var pages: [(page: StoredPage, bytes: [UInt8])] = []
    /// What threads unpack at the moment.
    var busy: [StoredPage] = []
  }

  private let limit: Int
  private let state = Mutex(State())

  public init(limit: Int = defaultLimit) { self.limit = max(limit, 0) }

  private enum Claim {
    case unpacked([UInt8])
    /// The caller unpacks it, and calls `keep`.
    case claimed
    /// Another thread unpacks it.
    case busy
  }

  func page(_ page: StoredPage) throws(ParquetError) -> [UInt8] {
    while true {
      switch claim(page) {
      case .unpacked(let bytes): return bytes
      case .busy: usleep(50)
      case .claimed:
        do throws(ParquetError) {
          let bytes = try page.unpacked()
          keep(bytes, of: page)
          return bytes
        } catch {
          keep(nil, of: page)
          throw error
        }
      }
    }
  }

  private func claim(_ page: StoredPage) -> Claim {
    state.withLock { state in
      if let place = state.pages.lastIndex(where: { $0.page === page }) {
        let entry = state.pages.remove(at: place)
        state.pages.append(entry)
        return .unpacked(entry.bytes)
      }
      if state.busy.contains(where: { $0 === page }) { return .busy }
      state.busy.append(page)
      // Room is made before the page is unpacked, not when both are there.
      Self.trim(&state, to: limit - page.size)
      return .claimed
    }
  }

  private func keep(_ bytes: [UInt8]?, of page: StoredPage) {
    state.withLock { state in
      state.busy.removeAll { $0 === page }
      guard let bytes else { return }
      Self.trim(&state, to: limit - bytes.count)
      state.pages.append((page, bytes))
    }
  }

  private static func trim(_ state: inout State, to limit: Int) {
    var total = state.pages.reduce(0) { $0 + $1.bytes.count }
    while total > limit, !state.pages.isEmpty {
      total -= state.pages.removeFirst().bytes.count
    }
  }
}
