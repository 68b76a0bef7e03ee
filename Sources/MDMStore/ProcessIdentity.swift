import Glibc
import MDMJSON

/// Which process writes a run: its number alone would be somebody else's after a while.
public struct ProcessIdentity: Sendable, Equatable {
  public let number: Int32
  /// The clock tick at which it started; 0 where the system does not tell.
  public let start: Int
  /// The kernel's identifier of this boot; empty where the system does not tell.
  public let boot: String
  public let host: String

  /// This process.
  public static let current = ProcessIdentity(
    number: getpid(), start: startTick(of: getpid()) ?? 0, boot: bootIdentifier(),
    host: hostName())

  /// Whether the process still runs. One of another host is taken to run: nobody here can tell.
  public var isAlive: Bool {
    let own = ProcessIdentity.current
    if host != own.host { return true }
    if boot != own.boot { return false }
    if kill(number, 0) != 0, errno == ESRCH { return false }
    // One that has ended and that nobody has asked about has a number still.
    if let state = Self.field(1, of: number), ["Z", "X"].contains(state) { return false }
    guard start != 0, let now = Self.startTick(of: number) else { return true }
    return now == start
  }

  // MARK: JSON

  init(number: Int32, start: Int, boot: String, host: String) {
    self.number = number
    self.start = start
    self.boot = boot
    self.host = host
  }

  /// Nil where a member is missing.
  init?(_ node: JSONNode) {
    guard let number = node["pid"]?.integer, let start = node["pid_start"]?.integer,
      let boot = node["boot_id"]?.text, let host = node["host"]?.text
    else { return nil }
    self.init(number: Int32(truncatingIfNeeded: number), start: start, boot: boot, host: host)
  }

  // MARK: The system

  /// Field 22 of /proc/PID/stat.
  private static func startTick(of process: Int32) -> Int? {
    field(20, of: process).flatMap(Int.init)
  }

  /// A field of /proc/PID/stat after the second, which may hold blanks in its parentheses.
  private static func field(_ place: Int, of process: Int32) -> String? {
    guard let bytes = Disk.read("/proc/\(process)/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count < place ? nil : String(decoding: fields[place - 1], as: UTF8.self)
  }

  private static func bootIdentifier() -> String {
    let bytes = Disk.read("/proc/sys/kernel/random/boot_id") ?? []
    return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
