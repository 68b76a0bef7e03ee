import MDMImages
import MDMJSON
import MDMParquet

/// A row of a table in any format, with what a message needs to find it again.
struct Row: Sendable {
  /// The file's name, as messages give it.
  let file: String
  /// Counted from 1; the line where a file has lines.
  let number: Int
  let fields: ParquetValue

  /// A field that is there and not null; of several names the first that is.
  func value(_ names: String...) -> ParquetValue? { value(names) }

  func value(_ names: [String]) -> ParquetValue? {
    for name in names {
      if let value = fields[name], !value.isNull { return value }
    }
    return nil
  }

  func error(_ field: String, _ reason: String, _ hint: String) -> DataError {
    .badRow(file: file, row: number, field: field, reason: reason, hint: hint)
  }

  private func required(_ names: [String]) throws(DataError) -> ParquetValue {
    if let value = value(names) { return value }
    let isColumn = names.contains { fields[$0] != nil }
    let known: String =
      if case .record(let fields) = fields { fields.map(\.name).joined(separator: ", ") } else {
        ""
      }
    throw error(
      names[0], isColumn ? "is null" : "is missing",
      isColumn ? "fill it in or leave the row out" : "its fields are \(known)")
  }

  /// A text; numbers and truth values are written out.
  func text(_ names: String...) throws(DataError) -> String {
    let value = try required(names)
    guard let text = Self.text(value) else {
      throw error(names[0], "is \(value.kind)", "a text is needed")
    }
    return text
  }

  /// A list of texts; a single text counts as a list of one.
  func texts(_ names: String...) throws(DataError) -> [String] {
    let value = try required(names)
    let texts = (value.items ?? [value]).map(Self.text)
    guard !texts.contains(nil) else {
      throw error(names[0], "is \(value.kind)", "a list of texts is needed")
    }
    return texts.compactMap { $0 }
  }

  func int(_ names: String...) throws(DataError) -> Int {
    let value = try required(names)
    switch value {
    case .int(let number): return Int(number)
    case .double(let number): if let whole = Int(exactly: number) { return whole }
    case .text(let text): if let whole = Int(text) { return whole }
    default: break
    }
    throw error(names[0], "is \(value.kind)", "a whole number is needed")
  }

  /// Four numbers, or lists of four.
  func boxes(_ name: String) throws(DataError) -> [Box] {
    guard let value = value(name) else { return [] }
    let items = value.items ?? []
    let lists = items.first?.items == nil && !items.isEmpty ? [items] : items.map { $0.items ?? [] }
    var boxes: [Box] = []
    for list in lists {
      let numbers = list.compactMap(Self.number)
      guard numbers.count == 4, list.count == 4 else {
        throw error(name, "is no list of four numbers", "write [x0, y0, x1, y1]")
      }
      boxes.append(Box(numbers[0], numbers[1], numbers[2], numbers[3]))
    }
    return boxes
  }

  static func number(_ value: ParquetValue) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  static func text(_ value: ParquetValue) -> String? {
    switch value {
    case .text(let text): text
    case .int(let number): String(number)
    case .double(let number): Int(exactly: number).map { String($0) } ?? String(number)
    case .bool(let flag): flag ? "true" : "false"
    default: nil
    }
  }
}

extension ParquetValue {
  /// A value of JSON; whole numbers stay whole.
  init(_ node: JSONNode) {
    switch node {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .string(let text): self = .text(text)
    case .array(let items): self = .list(items.map { ParquetValue($0) })
    case .object(let members): self = .record(members.map { ($0.name, ParquetValue($0.value)) })
    default:
      if let whole = node.integer {
        self = .int(Int64(whole))
      } else {
        self = .double(node.number ?? .nan)
      }
    }
  }
}
