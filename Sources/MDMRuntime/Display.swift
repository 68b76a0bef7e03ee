/// The text of values.
extension Machine {
  /// A value on its own, as `print` shows it: long collections abbreviated, wide ones on lines.
  func display(_ value: Value, width: Int) -> String {
    switch value.tag {
    case .string: return value.string.text
    case .domain: return value.domain.object.display(width)
    default:
      var writer = ValueWriter(machine: self, isAbbreviated: true)
      writer.write(value, width: max(width, 20))
      return writer.text
    }
  }

  /// A value inside a text: a String as it is, everything else in one line and complete.
  func text(_ value: Value) -> String {
    value.tag == .string ? value.string.text : quoted(value)
  }

  /// A value in one line as a script would write it, Strings quoted.
  func quoted(_ value: Value) -> String {
    var writer = ValueWriter(machine: self, isAbbreviated: false)
    writer.write(value)
    return writer.text
  }

  func withArticle(_ typeName: String) -> String {
    typeName.first.map { "AEIO".contains($0) } == true ? "an \(typeName)" : "a \(typeName)"
  }

  /// A type and a short text, for messages: `String "5"`.
  func brief(_ value: Value) -> String {
    switch value.tag {
    case .none: return "none"
    case .undefined, .missing: return "nothing"
    case .bool, .int, .float, .duration, .size, .range:
      return "\(value.typeName) \(quoted(value))"
    case .string:
      let text = value.string
      if text.byteCount <= 60 { return "String \(quoted(value))" }
      return "a String of \(text.length) characters"
    case .list: return value.list.count == 0 ? "an empty List" : "a List of \(value.list.count)"
    case .record: return value.record.count == 0 ? "an empty Record" : "a Record"
    case .closure, .native: return "Function \(signature(of: value).name)"
    case .domain: return withArticle(value.typeName)
    }
  }
}

/// Writes one value. Nested too deeply, inside itself or too long, it ends in `…`.
struct ValueWriter {
  let machine: Machine
  /// Shows the ends of long collections only.
  let isAbbreviated: Bool
  var text = ""
  private var depth = 0

  static let depthLimit = 60
  static let sizeLimit = 4_000_000
  static let abbreviatedLimit = 60_000
  static let itemLimit = 24

  init(machine: Machine, isAbbreviated: Bool) {
    self.machine = machine
    self.isAbbreviated = isAbbreviated
  }

  mutating func write(_ value: Value) {
    switch value.tag {
    case .none: text += "none"
    case .undefined, .missing: text += "nothing"
    case .bool: text += value.bool ? "true" : "false"
    case .int: text += "\(value.int)"
    case .float: text += value.double.isNaN ? "nan" : "\(value.double)"
    case .duration: text += ValueWriter.duration(value.double)
    case .size: text += ValueWriter.size(value.int)
    case .string: writeQuoted(value.string)
    case .range: writeRange(value.range)
    case .closure, .native:
      let signature = machine.signature(of: value)
      let usage =
        signature.result == .any ? String(signature.usage.dropLast(7)) : signature.usage
      // The name of a function without one is the word itself.
      text += signature.name == "fn" ? usage : "fn \(usage)"
    case .domain:
      let object = value.domain.object
      text += depth == 0 ? object.display(60) : object.displayInside
    case .list, .record:
      guard depth < ValueWriter.depthLimit, text.utf8.count < limit else {
        text += "…"
        return
      }
      let header = Ref<Header>(address: value.bits)
      if header.isVisiting {
        text += value.tag == .list ? "[…]" : "{…}"
        return
      }
      header.isVisiting = true
      depth += 1
      if value.tag == .list { writeList(value.list) } else { writeRecord(value.record) }
      depth -= 1
      header.isVisiting = false
    }
  }

  /// On one line where it fits the width, else with one entry a line.
  mutating func write(_ value: Value, width: Int, indent: Int = 0) {
    var flat = ValueWriter(machine: machine, isAbbreviated: isAbbreviated)
    flat.depth = depth
    flat.write(value)
    if flat.text.count + indent <= width || depth > 6
      || value.tag != .record && value.tag != .list
    {
      text += flat.text
      return
    }
    let header = Ref<Header>(address: value.bits)
    header.isVisiting = true
    depth += 1
    let space = String(repeating: " ", count: indent + 2)
    text += value.tag == .list ? "[\n" : "{\n"
    for item in items(of: value) {
      text += space
      switch item {
      case .gap(let count): text += "… \(count) more"
      case .entry(let key, let value):
        if let key { writeKey(key) }
        write(value, width: width, indent: indent + 2)
      }
      text += ",\n"
    }
    text += String(repeating: " ", count: indent) + (value.tag == .list ? "]" : "}")
    depth -= 1
    header.isVisiting = false
  }

  private var limit: Int {
    isAbbreviated ? ValueWriter.abbreviatedLimit : ValueWriter.sizeLimit
  }

  private enum Item {
    case entry(Value?, Value)
    case gap(Int)
  }

  /// The entries to show: all, or the ends of a long collection.
  private func items(of value: Value) -> [Item] {
    let count = value.tag == .list ? value.list.count : value.record.count
    let used = value.tag == .list ? value.list.count : value.record.used
    let isLong = isAbbreviated && count > ValueWriter.itemLimit
    var items: [Item] = []
    // Entries that were removed from a record leave gaps, so the shown ones are counted.
    var live = 0
    for position in 0..<used {
      var key: Value?
      if value.tag == .record {
        guard let found = machine.heap.pointee.key(position, in: value.record) else { continue }
        key = found
      }
      live += 1
      if isLong, live > ValueWriter.itemLimit - 6, live <= count - 3 {
        if live == count - 3 { items.append(.gap(count - 3 - (ValueWriter.itemLimit - 6))) }
        continue
      }
      items.append(
        .entry(key, value.tag == .list ? value.list.items[position] : value.record.slots[position]))
    }
    return items
  }

  private mutating func writeList(_ list: Ref<ListObject>) {
    text += "["
    writeItems(Value(list))
    text += "]"
  }

  private mutating func writeRecord(_ record: Ref<RecordObject>) {
    text += "{"
    writeItems(Value(record))
    text += "}"
  }

  private mutating func writeItems(_ value: Value) {
    var isFirst = true
    for item in items(of: value) {
      if !isFirst { text += ", " }
      isFirst = false
      if text.utf8.count > limit {
        text += "…"
        return
      }
      switch item {
      case .gap(let count): text += "… \(count) more"
      case .entry(let key, let value):
        if let key { writeKey(key) }
        write(value)
      }
    }
  }

  private mutating func writeKey(_ key: Value) {
    if key.tag == .string, ValueWriter.isIdentifier(key.string) {
      text += key.string.text
    } else {
      write(key)
    }
    text += ": "
  }

  static func isIdentifier(_ text: Ref<StringObject>) -> Bool {
    guard let first = text.buffer.first, !(0x30...0x39).contains(first) else { return false }
    return text.buffer.allSatisfy {
      $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
        || (0x61...0x7A).contains($0)
    }
  }

  private mutating func writeQuoted(_ string: Ref<StringObject>) {
    text += "\""
    for scalar in string.text.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          text += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }

  private mutating func writeRange(_ range: Ref<RangeObject>) {
    if range.start.tag != .none { write(range.start) }
    text += range.isClosed ? "..=" : ".."
    if range.end.tag != .none { write(range.end) }
    if !(range.step.tag == .int && range.step.int == 1) {
      text += " by "
      write(range.step)
    }
  }

  /// In the largest unit that gives a whole number, else in seconds.
  static func duration(_ seconds: Double) -> String {
    let units: [(name: String, seconds: Double)] = [("h", 3600), ("min", 60), ("s", 1)]
    for unit in units where seconds != 0 {
      let count = seconds / unit.seconds
      if count == count.rounded(), abs(count) < 1e15 { return "\(Int64(count))\(unit.name)" }
    }
    return seconds == 0 ? "0s" : "\(seconds)s"
  }

  /// In the largest decimal unit that gives a whole number, else the largest binary one, else bytes.
  static func size(_ bytes: Int64) -> String {
    let units: [(name: String, bytes: Int64)] = [
      ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000),
      ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]
    for unit in units where bytes != 0 && bytes % unit.bytes == 0 {
      return "\(bytes / unit.bytes)\(unit.name)"
    }
    return "\(bytes)B"
  }
}
