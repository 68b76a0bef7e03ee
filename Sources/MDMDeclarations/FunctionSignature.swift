/// The type that a parameter or a result promises to users.
public indirect enum ScriptType: Sendable, Equatable, CustomStringConvertible {
  case any
  case none
  case bool
  case int
  /// Int or Float.
  case number
  case float
  case string
  case duration
  case size
  case list
  case record
  case range
  case function
  /// A domain value, such as `Dataset`, by its script name.
  case domain(String)
  /// One of several types.
  case either([ScriptType])

  /// The type as a script writes it.
  public var description: String {
    switch self {
    case .any: "Any"
    case .none: "None"
    case .bool: "Bool"
    case .int: "Int"
    case .number: "Number"
    case .float: "Float"
    case .string: "String"
    case .duration: "Duration"
    case .size: "Size"
    case .list: "List"
    case .record: "Record"
    case .range: "Range"
    case .function: "Function"
    case .domain(let name): name
    case .either(let types): types.map(\.description).joined(separator: " | ")
    }
  }
}

/// One parameter of a built-in or script function, as users see it.
public struct ParameterDeclaration: Sendable, Equatable {
  public let name: String
  public let type: ScriptType
  /// The default as a script would write it; nil where an argument is required.
  public let defaultText: String?
  /// Takes all positional arguments that are left.
  public let isRest: Bool
  /// One sentence for help and the reference pages.
  public let help: String

  public init(
    _ name: String, _ type: ScriptType = .any, default defaultText: String? = nil,
    rest: Bool = false, _ help: String = ""
  ) {
    self.name = name
    self.type = type
    self.defaultText = defaultText
    isRest = rest
    self.help = help
  }
}

/// A runnable example of a declaration; it is also a doctest.
public struct Example: Sendable, Equatable {
  public let code: String
  /// What `mdm -p` prints for it; nil where only success is checked.
  public let prints: String?

  public init(_ code: String, prints: String? = nil) {
    self.code = code
    self.prints = prints
  }
}

/// How a function describes itself: the one source of checks, help, completion and reference.
public struct FunctionSignature: Sendable, Equatable {
  public let name: String
  public let parameters: [ParameterDeclaration]
  public let result: ScriptType
  /// One sentence.
  public let summary: String
  /// Further paragraphs, with an empty line between them.
  public let details: String
  public let examples: [Example]
  /// The paper, equation or standard that it follows.
  public let source: String?
  /// The family under which the reference lists it, such as `strings`.
  public let family: String

  public init(
    _ name: String, _ parameters: [ParameterDeclaration], returns result: ScriptType,
    family: String, _ summary: String, examples: [Example] = [], source: String? = nil,
    details: String = ""
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.family = family
    self.details = details
    self.summary = summary
    self.examples = examples
    self.source = source
  }

  /// The call as help shows it: `name(a, b: Int = 3) -> Type`.
  public var usage: String {
    let list = parameters.map { parameter in
      var text = (parameter.isRest ? ".." : "") + parameter.name
      if parameter.type != .any { text += ": \(parameter.type)" }
      if let value = parameter.defaultText { text += " = \(value)" }
      return text
    }
    return "\(name)(\(list.joined(separator: ", "))) -> \(result)"
  }
}
