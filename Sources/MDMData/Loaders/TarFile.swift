import MDMParquet

/// A tar archive as WebDataset lays out samples: neighbouring files with one name make a row whose
/// fields are the endings.
///
/// Source: POSIX.1-2001 pax and ustar; the WebDataset format description.
struct TarFile {
  let path: String
  let name: String

  private struct Entry {
    let name: String
    let content: StoredBytes
  }

  func rows(_ body: (Row) throws(DataError) -> Void) throws(DataError) {
    let file: StoredFile
    do throws(ParquetError) { file = try StoredFile(path: path) } catch {
      throw .badFile(file: name, reason: "cannot be read", hint: error.hint)
    }
    let entries = try entries(file)
    var number = 0
    var at = 0
    while at < entries.count {
      let key = Self.key(entries[at].name).key
      var fields: [(name: String, value: ParquetValue)] = [("__key__", .text(key))]
      while at < entries.count, Self.key(entries[at].name).key == key {
        try add(
          entries[at], ending: Self.key(entries[at].name).ending, row: number + 1, to: &fields)
        at += 1
      }
      number += 1
      try body(Row(file: name, number: number, fields: .record(fields)))
    }
  }

  /// Everything before the first point of the last part, and what follows it.
  private static func key(_ name: String) -> (key: String, ending: String) {
    let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    guard let point = name[start...].firstIndex(of: ".") else { return (name, "") }
    return (String(name[..<point]), name[name.index(after: point)...].lowercased())
  }

  private func add(
    _ entry: Entry, ending: String, row: Int, to fields: inout [(name: String, value: ParquetValue)]
  ) throws(DataError) {
    switch ending {
    case "json":
      let bytes = try bytes(entry.content)
      guard case .record(let members) = try DataFile.object(bytes, file: entry.name, line: 1)
      else { return }
      for member in members where !fields.contains(where: { $0.name == member.name }) {
        fields.append(member)
      }
    case "txt", "cls", "text", "caption", "answer", "question":
      let bytes = try bytes(entry.content)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .badRow(
          file: name, row: row, field: ending, reason: "is not UTF-8", hint: "write it as UTF-8")
      }
      fields.append((ending, .text(text)))
    default:
      fields.append((ending, .stored(entry.content)))
    }
  }

  private func bytes(_ content: StoredBytes?) throws(DataError) -> [UInt8] {
    do throws(ParquetError) {
      guard let content else { throw .truncated }
      return try content.bytes()
    } catch {
      throw .badFile(
        file: name, reason: "is a tar archive that is cut off", hint: "copy it again")
    }
  }

  private func entries(_ file: StoredFile) throws(DataError) -> [Entry] {
    func wrong(_ reason: String) -> DataError {
      .badFile(file: name, reason: reason, hint: "copy it again, or write it with GNU tar")
    }
    var entries: [Entry] = []
    var at = 0
    var longName: String?
    while at + 512 <= file.count {
      let head = try bytes(file.part(at..<(at + 512)))
      if head.allSatisfy({ $0 == 0 }) { break }
      func text(_ range: Range<Int>) -> String {
        String(decoding: head[range].prefix { $0 != 0 }, as: UTF8.self)
      }
      func octal(_ range: Range<Int>) -> Int? {
        Int(text(range).filter { !$0.isWhitespace }, radix: 8)
      }
      let sum = head.enumerated().reduce(0) {
        $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
      }
      guard octal(148..<156) == sum else { throw wrong("is no tar archive, or a damaged one") }
      guard let count = octal(124..<136), count >= 0, count <= file.count - at - 512 else {
        throw wrong("is a tar archive that is cut off")
      }
      let content = file.part((at + 512)..<(at + 512 + count))
      switch head[156] {
      case UInt8(ascii: "0"), 0:
        let prefix = text(345..<500)
        let short = (prefix.isEmpty ? "" : prefix + "/") + text(0..<100)
        let name = longName ?? short
        longName = nil
        // Files that begin with a point are what macOS adds.
        if name.split(separator: "/").last?.hasPrefix(".") == false, let content {
          entries.append(Entry(name: name, content: content))
        }
      case UInt8(ascii: "L"):
        guard count <= 4096 else { throw wrong("has a name of \(count) bytes") }
        longName = String(decoding: try bytes(content).prefix { $0 != 0 }, as: UTF8.self)
      case UInt8(ascii: "x"):
        guard count <= 1 << 16 else { throw wrong("has \(count) bytes of attributes") }
        longName = Self.path(inPax: try bytes(content)) ?? longName
      default: break
      }
      at += 512 + (count + 511) / 512 * 512
    }
    return entries
  }

  /// The `path` among records such as `30 path=a/long/name.png`.
  private static func path(inPax bytes: [UInt8]) -> String? {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if let mark = line.firstIndex(of: " ") {
        let pair = line[line.index(after: mark)...]
        if pair.hasPrefix("path=") { return String(pair.dropFirst(5)) }
      }
    }
    return nil
  }
}
