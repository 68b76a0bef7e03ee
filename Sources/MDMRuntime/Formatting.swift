import Glibc

/// Format specifications of interpolated strings, and joining texts.
extension Machine {
  @inline(never)
  func concatenate(_ parts: UnsafeMutablePointer<Value>, _ count: Int) throws -> Value {
    var total = 0
    for position in 0..<count {
      switch parts[position].tag {
      case .string: total += parts[position].string.byteCount
      case .int: total += DecimalText.byteCount(parts[position].int)
      default:
        parts[position] = string(text(parts[position]))
        total += parts[position].string.byteCount
      }
    }
    try checkRoom(total)
    let made = heap.pointee.newString(byteCount: total)
    var end = made.bytes
    for position in 0..<count {
      if parts[position].tag == .int {
        end += DecimalText.byteCount(parts[position].int)
        DecimalText.write(parts[position].int, before: end)
      } else {
        let part = parts[position].string
        end.update(from: part.bytes, count: part.byteCount)
        end += part.byteCount
      }
    }
    return Value(made)
  }

  /// A value under a specification `[[fill]align][sign][0][width][,][.precision][type]`.
  @inline(never)
  func format(_ value: Value, _ specification: Value) throws -> Value {
    let text = specification.string.text
    guard let format = TextFormat(text) else {
      throw ScriptError(.format, "`\(text)` is not a format", hint: "an example is f\"{x:>8.2f}\"")
    }
    return string(try formatted(value, format))
  }

  private func formatted(_ value: Value, _ format: TextFormat) throws -> String {
    switch value.tag {
    case .int where format.isForText: break
    case .int:
      switch format.type {
      case nil where format.precision == nil, "d":
        return format.number("\(value.int)", isInteger: true)
      case "x": return format.number(String(value.int, radix: 16), isInteger: true)
      case "X":
        return format.number(String(value.int, radix: 16, uppercase: true), isInteger: true)
      case "b": return format.number(String(value.int, radix: 2), isInteger: true)
      case "o": return format.number(String(value.int, radix: 8), isInteger: true)
      case "c":
        guard let code = UInt32(exactly: value.int), let scalar = Unicode.Scalar(code) else {
          throw misfit(value, format)
        }
        return format.padded(String(scalar), isNumber: false)
      default: return format.real(Double(value.int))
      }
    case .float:
      if let type = format.type, "dxXbocs".contains(type) { throw misfit(value, format) }
      return format.real(value.double)
    default: break
    }
    if let type = format.type, type != "s" { throw misfit(value, format) }
    var text = text(value)
    if let precision = format.precision {
      text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
    }
    return format.padded(text, isNumber: false)
  }

  private func misfit(_ value: Value, _ format: TextFormat) -> ScriptError {
    ScriptError(
      .format, "the format `\(format.type.map(String.init) ?? "")` does not fit \(brief(value))",
      hint: value.tag == .float && format.type == "d" ? "round(x) gives an Int" : nil)
  }
}

/// A parsed format specification.
struct TextFormat {
  var fill: Character = " "
  var align: Character?
  var sign: Character = "-"
  var width = 0
  var separator: Character?
  var precision: Int?
  var type: Character?

  init?(_ text: String) {
    var rest = Array(text)[...]
    let isAlign = { (character: Character) in "<>^".contains(character) }
    if rest.count >= 2, isAlign(rest[rest.startIndex + 1]) {
      fill = rest.removeFirst()
      align = rest.removeFirst()
    } else if let first = rest.first, isAlign(first) {
      align = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "0" {
      rest.removeFirst()
      if align == nil {
        fill = "0"
        align = "="
      }
    }
    while let digit = rest.first?.wholeNumberValue, width < 10_000 {
      width = width * 10 + digit
      rest.removeFirst()
    }
    if let first = rest.first, first == "," || first == "_" { separator = rest.removeFirst() }
    if rest.first == "." {
      rest.removeFirst()
      var digits = 0
      var found = false
      while let digit = rest.first?.wholeNumberValue, digits < 1000 {
        digits = digits * 10 + digit
        found = true
        rest.removeFirst()
      }
      if !found || digits > 400 { return nil }
      precision = digits
    }
    if let first = rest.first {
      guard "bcdeEfFgGosxXk%".contains(first) else { return nil }
      type = rest.removeFirst()
    }
    if !rest.isEmpty || width > 10_000 { return nil }
  }

  var isForText: Bool { type == "s" }

  /// A Float, or an Int formatted like one.
  func real(_ value: Double) -> String {
    let digits = precision ?? 6
    guard value.isFinite else { return number(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf") }
    switch type {
    case "f", "F": return number(TextFormat.print("f", value, digits))
    case "e", "E": return number(TextFormat.print(type == "E" ? "E" : "e", value, digits))
    case "%": return number(TextFormat.print("f", value * 100, digits) + "%")
    case "k":
      let scales: [(limit: Double, name: String)] = [(1e9, "B"), (1e6, "M"), (1e3, "k")]
      let scale = scales.first { abs(value) >= $0.limit * 0.9995 } ?? (1, "")
      let places = precision ?? 1
      var text = TextFormat.print("f", value / scale.limit, places)
      if precision == nil, text.hasSuffix(".0") { text.removeLast(2) }
      return number(text + scale.name)
    case "g", "G":
      return number(TextFormat.print(type == "G" ? "G" : "g", value, max(digits, 1)))
    default:
      guard let precision else { return number("\(value)") }
      return number(TextFormat.print("g", value, max(precision, 1)))
    }
  }

  /// Sign, separators and padding for the text of a number.
  func number(_ digits: String, isInteger: Bool = false) -> String {
    var text = digits
    var prefix = ""
    if text.hasPrefix("-") {
      prefix = "-"
      text.removeFirst()
    } else if sign != "-" {
      prefix = String(sign)
    }
    if let separator { text = TextFormat.grouped(text, separator) }
    if align == "=" {
      let missing = width - prefix.count - text.count
      return prefix + String(repeating: "0", count: max(missing, 0)) + text
    }
    return padded(prefix + text, isNumber: true)
  }

  func padded(_ text: String, isNumber: Bool) -> String {
    let missing = width - text.unicodeScalars.count
    if missing <= 0 { return text }
    switch align ?? (isNumber ? ">" : "<") {
    case ">", "=": return String(repeating: fill, count: missing) + text
    case "^":
      return String(repeating: fill, count: missing / 2) + text
        + String(repeating: fill, count: missing - missing / 2)
    default: return text + String(repeating: fill, count: missing)
    }
  }

  private static func grouped(_ text: String, _ separator: Character) -> String {
    let whole = text.prefix { $0.isNumber }
    var result = ""
    for (position, digit) in whole.enumerated() {
      if position > 0, (whole.count - position) % 3 == 0 { result.append(separator) }
      result.append(digit)
    }
    return result + text.dropFirst(whole.count)
  }

  /// What C's printf writes.
  private static func print(_ type: String, _ value: Double, _ digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 1024)
    let length = withVaList([Int32(digits), value]) {
      vsnprintf(&buffer, buffer.count, "%.*\(type)", $0)
    }
    return String(
      decoding: buffer.prefix(Int(max(length, 0))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
