import Synchronization

/// Decoded images, up to a number of bytes; what has not been asked for goes first.
public final class ImageCache: Sendable {
  /// The bytes of pixels that a cache holds by default.
  public static let defaultLimit = 256 << 20

  /// The most bytes of pixels that are held.
  public let limit: Int

  private struct Entry {
    let image: RGBImage
    /// Asked for since it came to the front of the queue.
    var isUsed = false
  }

  private struct State {
    var entries: [ObjectIdentifier: Entry] = [:]
    // The entries' order, and the files, whose identifiers stay theirs while they are held.
    var queue: [EncodedImage] = []
    var front = 0
    var bytes = 0
    /// What threads decode at the moment.
    var busy: Set<ObjectIdentifier> = []
    var waiting: [EncodedImage] = []
    var workers = 0
  }

  private let state = Mutex(State())

  public init(limit: Int = defaultLimit) { self.limit = max(0, limit) }

  /// The bytes of pixels that are held now.
  public var bytes: Int { state.withLock { $0.bytes } }

  enum Claim {
    case decoded(RGBImage)
    /// The caller decodes it, and calls `keep`.
    case claimed
    /// Another thread decodes it.
    case busy
  }

  func claim(_ file: EncodedImage) -> Claim {
    state.withLock { state in
      let key = ObjectIdentifier(file)
      if let entry = state.entries[key] {
        if !entry.isUsed { state.entries[key]?.isUsed = true }
        return .decoded(entry.image)
      }
      return state.busy.insert(key).inserted ? .claimed : .busy
    }
  }

  /// Ends what `claim` began; nil where it could not be decoded.
  func keep(_ image: RGBImage?, of file: EncodedImage) {
    let size = image?.pixels.count ?? 0
    state.withLock { state in
      let key = ObjectIdentifier(file)
      state.busy.remove(key)
      guard let image, size <= limit, state.entries[key] == nil else { return }
      while state.bytes + size > limit { Self.evict(&state) }
      state.entries[key] = Entry(image: image)
      state.queue.append(file)
      state.bytes += size
    }
  }

  // A second chance: an entry that was used since its last turn goes to the end instead.
  private static func evict(_ state: inout State) {
    while state.front < state.queue.count {
      let file = state.queue[state.front]
      let key = ObjectIdentifier(file)
      state.front += 1
      if state.front > 1024, state.front * 2 > state.queue.count {
        state.queue.removeFirst(state.front)
        state.front = 0
      }
      guard let entry = state.entries[key] else { continue }
      if entry.isUsed {
        state.entries[key]?.isUsed = false
        state.queue.append(file)
      } else {
        state.entries[key] = nil
        state.bytes -= entry.image.pixels.count
        return
      }
    }
  }

  /// Has a file decoded by another thread; what cannot be decoded is told when it is asked for.
  func prepare(_ file: EncodedImage) {
    let begins = state.withLock { state in
      let key = ObjectIdentifier(file)
      guard state.entries[key] == nil, !state.busy.contains(key), state.waiting.count < 4096
      else { return false }
      state.waiting.append(file)
      guard state.workers < Threads.count else { return false }
      state.workers += 1
      return true
    }
    guard begins else { return }
    let isStarted = Threads.start { [self] in
      while let next = nextWaiting() { _ = try? next.decoded() }
    }
    if !isStarted { state.withLock { $0.workers -= 1 } }
  }

  private func nextWaiting() -> EncodedImage? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.workers -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
