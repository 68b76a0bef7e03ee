import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// What completion and inspection know of a value: enough to follow its fields, never a copy of it.
indirect enum KnownValue: Sendable {
  /// A value of the domain answers for itself: it is immutable.
  case domain(any DomainValue)
  case record([(name: String, value: KnownValue)])
  case function(FunctionSignature)
  /// Anything else, with its type's name.
  case other(String)

  /// How many fields of a record are looked at, and how deep.
  static let fieldLimit = 500
  static let depthLimit = 3

  /// The type's name as scripts see it.
  var typeName: String {
    switch self {
    case .domain(let value): value.typeName
    case .record: "Record"
    case .function: "Function"
    case .other(let name): name
    }
  }

  /// The names of its fields.
  var fieldNames: [String] {
    switch self {
    case .domain(let value): value.fieldNames
    case .record(let fields): fields.map(\.name)
    case .function, .other: []
    }
  }

  /// A field; nil where there is none, or nothing is known of it.
  func field(_ name: String) -> KnownValue? {
    switch self {
    case .domain(let value): value.field(name).map { KnownValue($0) }
    case .record(let fields): fields.first { $0.name == name }?.value
    case .function, .other: nil
    }
  }

  /// What is known of a datum.
  init(_ datum: Datum) {
    switch datum {
    case .domain(let value): self = .domain(value)
    case .record(let record):
      self = .record(
        record.entries.prefix(Self.fieldLimit).map { ($0.key, .other($0.value.typeName)) })
    default: self = .other(datum.typeName)
    }
  }

  /// What is known of a value of a machine, on the machine's thread.
  init(_ value: ValueHandle, in machine: Machine, depth: Int = 0) {
    if let object = value.domain {
      self = .domain(object)
    } else if value.typeName == "Record", depth < Self.depthLimit {
      self = .record(
        machine.fields(of: value, limit: Self.fieldLimit).map {
          ($0.name, KnownValue($0.value, in: machine, depth: depth + 1))
        })
    } else if value.isFunction {
      self = .function(machine.signature(of: value))
    } else {
      self = .other(value.typeName)
    }
  }
}

/// What is known of a name that inputs have bound.
struct KnownName: Sendable {
  let value: KnownValue
  /// A line that tells what it is: a number itself, a collection by its size.
  let brief: String
  let isMutable: Bool
  /// The input that bound it.
  var source: SourceText?
}
