import Glibc
import MDMBuiltins
import MDMJSON
import MDMRuntime
import Synchronization

/// What was typed at prompts and into cells, kept on disk across sessions and shared by all of them.
///
/// Each user of a file gets a session number that no other ever had. Where the file cannot be used,
/// the inputs of this session are remembered all the same, until it ends.
public final class InputHistory: Sendable {
  /// One input.
  public struct Entry: Sendable, Equatable {
    /// The session it belongs to, from 1.
    public var session: Int
    /// Its number within the session, from 1.
    public var number: Int
    public var input: String
    /// What it gave, as text, where that was worth keeping.
    public var output: String?
    /// In seconds since 1970.
    public var time: Double
    /// The front end: `repl` or `kernel`.
    public var source: String
  }

  /// The number of this session.
  public let session: Int
  private let file: InputHistoryFile?
  private let source: String
  /// The newest of those that are on no disk.
  private let unsaved = Mutex<[Entry]>([])

  /// A longer input is remembered by its own session only.
  static let longestInput = 1 << 20
  /// Of an output, so many characters are kept.
  static let longestOutput = 4000

  /// Begins a session.
  ///
  /// - Parameters:
  ///   - path: a file that need not exist yet, in a folder that need not either; nil: no file.
  ///   - source: the front end: `repl` or `kernel`.
  ///   - limit: how many inputs are kept when the file has grown to twice that.
  public init(path: String?, source: String, limit: Int = 5000) {
    file = path.map { InputHistoryFile(path: $0, limit: max(limit, 1)) }
    self.source = source
    session = file?.beginSession(from: source, time: Self.now) ?? 1
  }

  /// Adds an input of this session.
  ///
  /// - Throws: `ScriptError` where it could not be written; it is remembered until the session ends.
  public func append(
    _ input: String, number: Int, output: String? = nil
  ) throws(ScriptError) {
    let entry = Entry(
      session: session, number: number, input: input,
      output: output.map { String($0.prefix(Self.longestOutput)) }, time: Self.now, source: source)
    guard let file, input.utf8.count <= Self.longestInput else { return remember(entry) }
    do throws(ScriptError) {
      try file.append(Self.line(entry))
    } catch {
      remember(entry)
      throw error
    }
  }

  /// The newest inputs of all sessions, oldest first.
  public func tail(_ count: Int) -> [Entry] {
    guard count > 0 else { return [] }
    let own = unsaved.withLock { $0 }
    var found: [Entry] = own.suffix(count).reversed()
    file?.visitBackwards { line in
      guard found.count < count else { return false }
      if let entry = Self.entry(line) { found.append(entry) }
      return true
    }
    return found.reversed()
  }

  /// The inputs of one session by their numbers, `to` not included.
  ///
  /// - Parameters:
  ///   - session: its number; 0 is this one, -1 the newest of the others before it, and so on.
  ///   - to: nil: to the session's end.
  public func range(session: Int, from: Int, to: Int? = nil) -> [Entry] {
    let all = tail(.max)
    var wanted = session
    if session <= 0 {
      let earlier = Set(all.map(\.session)).filter { $0 < self.session }.sorted(by: >)
      guard session == 0 || earlier.indices.contains(-1 - session) else { return [] }
      wanted = session == 0 ? self.session : earlier[-1 - session]
    }
    return all.filter { $0.session == wanted && $0.number >= from && $0.number < to ?? .max }
  }

  /// The inputs that fit a pattern such as `let *` as a whole, oldest first.
  ///
  /// - Parameters:
  ///   - glob: `*` any text, `?` one character, `[a-z]` one of a set.
  ///   - isUnique: of equal inputs, only the newest.
  ///   - limit: the newest so many; nil: all.
  public func search(_ glob: String, isUnique: Bool = false, limit: Int? = nil) -> [Entry] {
    let pattern = GlobPattern(glob)
    var seen: Set<String> = []
    var found: [Entry] = []
    for entry in tail(.max).reversed() where pattern.matches(entry.input) {
      guard found.count < limit ?? .max else { break }
      if !isUnique || seen.insert(entry.input).inserted { found.append(entry) }
    }
    return found.reversed()
  }

  private func remember(_ entry: Entry) {
    unsaved.withLock { entries in
      entries.append(entry)
      if entries.count > 1000 { entries.removeFirst(entries.count - 1000) }
    }
  }

  // MARK: Lines

  private static func line(_ entry: Entry) -> [UInt8] {
    var members: [JSONNode.Member] = [
      // First, so that the file finds it without reading JSON.
      .init(name: "session", value: .integer(Int64(entry.session))),
      .init(name: "number", value: .integer(Int64(entry.number))),
      .init(name: "time", value: .number(entry.time)),
      .init(name: "source", value: .string(entry.source)),
      .init(name: "input", value: .string(entry.input)),
    ]
    if let output = entry.output { members.append(.init(name: "output", value: .string(output))) }
    return JSONNode.object(members).compact
  }

  /// Nil for the line that begins a session, and for one that was cut off.
  private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
    guard let node = try? JSONNode(parsing: Array(line)), let session = node["session"]?.integer,
      let number = node["number"]?.integer, let input = node["input"]?.text
    else { return nil }
    return Entry(
      session: session, number: number, input: input, output: node["output"]?.text,
      time: node["time"]?.number ?? 0, source: node["source"]?.text ?? "")
  }

  /// In seconds since 1970, to the millisecond.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1000
  }
}
