import Glibc
import MDMJSON
import MDMMixtures
import MDMRuntime

/// A registration as scripts hold it.
final class RegistrationValue: FieldedValue {
  let registration: Registration
  let path: String?

  init(_ registration: Registration, path: String?) {
    self.registration = registration
    self.path = path
  }

  var typeName: String { "Registration" }

  static let fields: [(name: String, read: @Sendable (RegistrationValue) -> Datum)] = [
    ("target", { .string($0.registration.target) }),
    ("against", { .string($0.registration.reference) }),
    ("seeds", { .int($0.registration.seeds) }),
    ("smallest", { .float($0.registration.smallestEffect) }),
    ("level", { .float($0.registration.level) }),
    ("path", { $0.path.map(Datum.string) ?? .none }),
  ]

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? RegistrationValue)?.registration == registration
  }

  func display(_ width: Int) -> String {
    let it = registration
    var text =
      "Registered: \(it.target) to be \(it.isMaximized ? "maximized" : "minimized"), against "
      + "\(it.reference), \(it.seeds) matched seeds, \(Text.percent(it.level)) intervals"
    if it.smallestEffect > 0 { text += ", differences from \(it.smallestEffect)" }
    return text + (path.map { "; kept in \($0)" } ?? "")
  }

  static func make(_ call: NativeCall) throws -> RegistrationValue {
    let goal = try call.string(5)
    guard ["maximize", "minimize"].contains(goal) else {
      throw call.fail(
        "E0420", "`goal` is \"\(goal)\"", hint: "write \"maximize\" or \"minimize\"", argument: 5)
    }
    var target = try call.datum(0).text ?? ""
    if case .function(let function) = try call.datum(0) {
      target = call.signature(of: function).name
    }
    guard !target.isEmpty else {
      throw call.fail(
        "E0708", "the target has no name", hint: "register(out_score, …) or a function of your own",
        argument: 0)
    }
    let (seeds, reference) = (try call.int(1), try call.string(2))
    let (smallest, level) = (try call.double(3), try call.double(4))
    let registration = try call.judging { () throws(EvidenceError) in
      try Registration(
        target: target, reference: reference, seeds: seeds, level: level,
        smallestEffect: smallest, isMaximized: goal == "maximize")
    }
    guard let path = try call.optional(6, { try Files.path(call, $0) }) else {
      return RegistrationValue(registration, path: nil)
    }
    if access(path, F_OK) == 0 {
      let old = try read(try Files.read(path, call), path, call)
      let changed = registration.differences(from: old)
      guard changed.isEmpty else {
        throw call.fail(
          "E0708", "\(path) has registered otherwise: \(changed.joined(separator: "; "))",
          hint: "report what was registered, or say in a new file that this is another study",
          argument: 6)
      }
    } else {
      try Files.makeFolder(of: path, call)
      try Files.write(json(registration).indented + [0x0A], to: path, call)
    }
    return RegistrationValue(registration, path: path)
  }

  private static func json(_ it: Registration) -> JSONNode {
    .object([
      .init(name: "mdm_registration", value: .integer(1)),
      .init(name: "target", value: .string(it.target)),
      .init(name: "against", value: .string(it.reference)),
      .init(name: "seeds", value: .integer(Int64(it.seeds))),
      .init(name: "level", value: .number(it.level)),
      .init(name: "smallest", value: .number(it.smallestEffect)),
      .init(name: "goal", value: .string(it.isMaximized ? "maximize" : "minimize")),
    ])
  }

  private static func read(
    _ bytes: [UInt8], _ path: String, _ call: NativeCall
  ) throws -> Registration {
    func wrong(_ reason: String) -> ScriptError {
      call.fail("E0801", "\(path) is no registration: \(reason)", argument: 6)
    }
    let node: JSONNode
    do throws(JSONError) { node = try JSONNode(parsing: bytes) } catch {
      throw wrong("line \(error.line), column \(error.column): \(error.reason)")
    }
    guard node["mdm_registration"]?.number == 1 else { throw wrong("it has no version 1") }
    guard let target = node["target"]?.text, let reference = node["against"]?.text,
      let seeds = node["seeds"]?.integer, let level = node["level"]?.number,
      let smallest = node["smallest"]?.number, let goal = node["goal"]?.text,
      ["maximize", "minimize"].contains(goal)
    else {
      throw wrong("target, against, seeds, level, smallest or goal is missing or of another type")
    }
    do throws(EvidenceError) {
      return try Registration(
        target: target, reference: reference, seeds: seeds, level: level,
        smallestEffect: smallest, isMaximized: goal == "maximize")
    } catch { throw wrong(error.message) }
  }
}
