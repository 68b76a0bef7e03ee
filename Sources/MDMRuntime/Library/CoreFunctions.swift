import MDMDeclarations

/// Printing, conversion, copying, errors.
enum CoreFunctions {
  private static let family = "core"
  private static let sized = ScriptType.any

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "print",
        [
          ParameterDeclaration("values", rest: true, "What to print."),
          ParameterDeclaration("end", .string, default: "\"\\n\"", "What follows the last value."),
        ], returns: .none, family: family, "Prints values, separated by one space.",
        examples: [Example("print(1, \"a\", [\"b\"])")]),
      raw: { call in
        call.print(try line(call))
        return .none
      }),
    NativeFunction(
      FunctionSignature(
        "eprint",
        [
          ParameterDeclaration("values", rest: true, "What to print."),
          ParameterDeclaration("end", .string, default: "\"\\n\"", "What follows the last value."),
        ], returns: .none, family: family, "Prints values to standard error.",
        examples: [Example("eprint(\"careful\")")]),
      raw: { call in
        call.options.errorOutput(try line(call))
        return .none
      }),
    NativeFunction(
      FunctionSignature(
        "len", [ParameterDeclaration("x", sized, "A String, List, Record, Range or Dataset.")],
        returns: .int, family: family, "The number of elements; of Unicode scalars for a String.",
        examples: [Example("len(\"héllo\")", prints: "5"), Example("len([1, 2])", prints: "2")]),
      form: .both([.string, .list, .record, .range]),
      raw: { call in
        let value = call.value(0)
        switch value.tag {
        case .string: return Value(value.string.length)
        case .list: return Value(value.list.count)
        case .record: return Value(value.record.count)
        case .range: return Value(try call.machine.elementCount(value.range))
        case .domain:
          if let count = value.domain.object.count { return Value(count) }
        default: break
        }
        throw call.fail(
          .argumentType, "\(call.machine.brief(value)) has no length", argument: 0)
      }),
    NativeFunction(
      FunctionSignature(
        "type", [ParameterDeclaration("x", .any, "Any value.")], returns: .string, family: family,
        "The name of a value's type.",
        examples: [Example("type(1)", prints: "Int"), Example("type([])", prints: "List")]),
      raw: { call in call.text(call.value(0).typeName) }),
    NativeFunction(
      FunctionSignature(
        "str", [ParameterDeclaration("x", .any, "Any value.")], returns: .string, family: family,
        "The text of a value; a String is its own text.",
        examples: [Example("str(1.0) + \"!\"", prints: "1.0!")]),
      raw: { call in
        call.value(0).tag == .string ? call.value(0) : call.text(call.machine.text(call.value(0)))
      }),
    NativeFunction(
      FunctionSignature(
        "repr", [ParameterDeclaration("x", .any, "Any value.")], returns: .string, family: family,
        "The text of a value as a script writes it: Strings are quoted.",
        examples: [Example("repr(\"a\")", prints: "\"a\"")]),
      raw: { call in call.text(call.machine.quoted(call.value(0))) }),
    NativeFunction(
      FunctionSignature(
        "int", [ParameterDeclaration("x", .either([.number, .bool, .string]), "What to convert.")],
        returns: .int, family: family,
        "The Int of a number (cut towards zero), of true or false, or of a text.",
        examples: [Example("int(2.9)", prints: "2"), Example("int(\"12\")", prints: "12")]),
      raw: toInt),
    NativeFunction(
      FunctionSignature(
        "float",
        [ParameterDeclaration("x", .either([.number, .bool, .string]), "What to convert.")],
        returns: .float, family: family, "The Float of a number, of true or false, or of a text.",
        examples: [Example("float(2)", prints: "2.0"), Example("float(\"1e3\")", prints: "1000.0")]
      ), raw: toFloat),
    NativeFunction(
      FunctionSignature(
        "list", [ParameterDeclaration("x", .any, "Anything that a loop goes through.")],
        returns: .list,
        family: family, "A new list of the elements of a range, record (its keys), text or list.",
        examples: [Example("list(0..3)", prints: "[0, 1, 2]")]), form: .both([.range]),
      raw: { call in
        let list = call.heap.pointee.newList(capacity: 4)
        try call.machine.spread(call.value(0), into: list)
        return Value(list)
      }),
    NativeFunction(
      FunctionSignature(
        "copy", [ParameterDeclaration("x", .any, "Any value.")], returns: .any, family: family,
        "A copy of a list or record that can be changed; its elements are shared.",
        examples: [Example("copy([1, 2])", prints: "[1, 2]")]), form: .both([.list, .record]),
      raw: { call in
        let value = call.value(0)
        switch value.tag {
        case .list:
          return Value(
            call.heap.pointee.newList(
              UnsafeBufferPointer(start: value.list.items, count: value.list.count)))
        case .record: return Value(call.heap.pointee.copy(value.record))
        default: return value
        }
      }),
    NativeFunction(
      FunctionSignature(
        "freeze", [ParameterDeclaration("x", .any, "Any value.")], returns: .any, family: family,
        "Makes a list or record and everything in it unchangeable, and gives it.",
        examples: [Example("freeze([1])", prints: "[1]")]), form: .both([.list, .record]),
      raw: { call in
        call.machine.freeze(call.value(0))
        return call.value(0)
      }),
    NativeFunction(
      FunctionSignature(
        "error",
        [
          ParameterDeclaration(
            "message", .either([.string, .record]), "One sentence, or a caught error."),
          ParameterDeclaration("hint", .string, default: "none", "What to do instead."),
        ], returns: .any, family: family, "Fails with a message; a caught error fails again.",
        examples: [
          Example("try { error(\"no\", hint: \"yes\") } catch e { e.hint }", prints: "yes")
        ]), raw: raise),
  ]

  private static func line(_ call: NativeCall) throws -> String {
    let values = try call.elements(0)
    let texts = (0..<values.count).map {
      call.machine.display(values.items[$0], width: call.options.width)
    }
    return texts.joined(separator: " ") + (try call.string(1))
  }

  private static func toInt(_ call: NativeCall) throws -> Value {
    let value = call.value(0)
    switch value.tag {
    case .int: return value
    case .bool: return Value(value.bool ? 1 : 0)
    case .float:
      guard let whole = Int64(exactly: value.double.rounded(.towardZero)) else {
        throw call.fail(.overflow, "\(value.double) does not fit into an Int", argument: 0)
      }
      return Value(whole)
    default:
      if let number = TextFunctions.number(in: value.string.text), number.tag == .int {
        return number
      }
      throw call.fail(
        .value, "\(call.machine.brief(value)) is not an Int",
        hint: "parse_number(text) gives none where there is no number", argument: 0)
    }
  }

  private static func toFloat(_ call: NativeCall) throws -> Value {
    let value = call.value(0)
    switch value.tag {
    case .int, .float: return Value(value.number)
    case .bool: return Value(value.bool ? 1.0 : 0.0)
    default:
      if let number = TextFunctions.number(in: value.string.text) { return Value(number.number) }
      throw call.fail(
        .value, "\(call.machine.brief(value)) is not a number",
        hint: "parse_number(text) gives none where there is no number", argument: 0)
    }
  }

  private static func raise(_ call: NativeCall) throws -> Value {
    let value = call.value(0)
    let hint = call.isMissing(1) ? nil : try call.string(1)
    guard value.tag == .record else {
      throw ScriptError(.raised, value.string.text, hint: hint)
    }
    let field = { (name: String) -> String? in
      guard let found = call.heap.pointee.get(name, in: value.record),
        found.tag == .string
      else { return nil }
      return found.string.text
    }
    throw ScriptError(
      field("code") ?? RuntimeCode.raised.rawValue, field("message") ?? "error",
      hint: hint ?? field("hint"))
  }
}
