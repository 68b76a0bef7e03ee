import MDMJSON
import MDMRuntime

/// JSON to script values and back.
package enum JSONText {
  /// The value of a JSON text: whole numbers become Ints where 64 bits hold them, others Floats.
  package static func datum(_ node: JSONNode) -> Datum {
    switch node {
    case .null: .none
    case .bool(let value): .bool(value)
    case .integer(let value): .int(value)
    case .number(let value): .float(value)
    case .string(let text): .string(text)
    case .array(let items): .list(items.map(datum))
    case .object(let members): .record(members.map { ($0.name, datum($0.value)) })
    }
  }

  /// The value in a file's bytes; the mark that some editors put before UTF-8 is left out.
  static func node(_ bytes: [UInt8]) throws(JSONError) -> JSONNode {
    try JSONNode(parsing: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes)
  }

  /// Why a value has no JSON text.
  struct Misfit: Error {
    let message: String
    let hint: String?
  }

  /// Writes values as JSON, keys in their order.
  struct Writer {
    /// Spaces a level; nil: all on one line.
    let indent: Int?
    /// Writes nan and inf as null instead of refusing them.
    let nullsForNonFinite: Bool
    private(set) var bytes: [UInt8] = []

    init(indent: Int?, nullsForNonFinite: Bool) {
      self.indent = indent
      self.nullsForNonFinite = nullsForNonFinite
    }

    mutating func write(_ datum: Datum, level: Int = 0) throws(Misfit) {
      switch datum {
      case .none: put("null")
      case .bool(let value): put(value ? "true" : "false")
      case .int(let value): put("\(value)")
      case .float(let value):
        if value.isFinite {
          put("\(value)")
        } else if nullsForNonFinite {
          put("null")
        } else {
          throw Misfit(
            message: "JSON has no \(value.isNaN ? "nan" : "\(value)")",
            hint: "nan: \"null\" writes null for it")
        }
      case .string(let text): quote(text)
      case .list(let items):
        try enclosed("[", "]", items.count, level) { (writer, index) throws(Misfit) in
          try writer.write(items[index], level: level + 1)
        }
      case .record(let record):
        if let twice = Self.repeated(record) {
          throw Misfit(
            message: "two keys of this record are the text \"\(twice)\" in JSON",
            hint: "JSON has no other keys than texts")
        }
        try enclosed("{", "}", record.entries.count, level) { (writer, index) throws(Misfit) in
          writer.quote(record.entries[index].key)
          writer.put(": ")
          try writer.write(record.entries[index].value, level: level + 1)
        }
      case .domain(let value as TableValue):
        try enclosed("[", "]", value.table.rowCount, level) { (writer, row) throws(Misfit) in
          try writer.write(.record(value.table.record(row)), level: level + 1)
        }
      case .duration, .size, .range, .function, .domain:
        throw Misfit(
          message: "a \(datum.typeName) has no form in JSON",
          hint: "str(x) gives its text, and fields can be picked into a record")
      }
    }

    /// A text that two keys have: 1 and "1" do.
    private static func repeated(_ record: RecordDatum) -> String? {
      // Only texts that an Int or a Bool can have are worth a look.
      let doubtful = record.entries.lazy.map(\.key).filter { key in
        guard let first = key.utf8.first else { return false }
        return first &- 0x30 < 10 || first == UInt8(ascii: "-") || key == "true" || key == "false"
      }
      var seen: Set<String> = []
      return doubtful.first { !seen.insert($0).inserted }
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }

    private mutating func enclosed(
      _ open: String, _ close: String, _ count: Int, _ level: Int,
      _ item: (inout Writer, Int) throws(Misfit) -> Void
    ) throws(Misfit) {
      put(open)
      for index in 0..<count {
        if index > 0 { put(indent == nil ? ", " : ",") }
        newLine(level + 1)
        try item(&self, index)
      }
      if count > 0 { newLine(level) }
      put(close)
    }

    private mutating func newLine(_ level: Int) {
      guard let indent else { return }
      bytes.append(0x0A)
      bytes.append(contentsOf: repeatElement(0x20, count: indent * level))
    }

    private mutating func quote(_ text: String) {
      var text = text
      let isPlain = text.withUTF8 { utf8 in
        utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      }
      if isPlain {
        bytes.append(UInt8(ascii: "\""))
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\""))
      } else {
        put(JSONNode.quoted(text))
      }
    }
  }
}
