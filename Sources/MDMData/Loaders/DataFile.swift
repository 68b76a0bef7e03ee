import Glibc
import MDMImages
import MDMJSON
import MDMNumerics
import MDMParquet

/// A file of rows below the folder that is loaded.
struct DataFile: Sendable {
  enum Kind: String { case parquet, jsonl, json, csv, tsv, tar }

  let path: String
  /// Its path below the folder, as messages give it.
  let name: String
  let kind: Kind
  /// `train`, `test`, `validation` or another name that its path has; nil where it has none.
  let split: String?

  /// The files of a folder, sorted by path, or the one file that a path names.
  static func all(_ path: String) throws(DataError) -> [DataFile] {
    guard FileSystem.exists(path) else {
      throw .cannotRead(path: path, reason: "there is no such file or folder")
    }
    guard FileSystem.isFolder(path) else {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard let kind = kind(of: name) else {
        throw .badFile(
          file: path, reason: "is no table",
          hint: "its name ends in one of .parquet .jsonl .json .csv .tsv .tar")
      }
      return [DataFile(path: path, name: name, kind: kind, split: split(of: name))]
    }
    return try FileSystem.files(below: path).compactMap { name in
      guard let kind = kind(of: name) else { return nil }
      return DataFile(path: "\(path)/\(name)", name: name, kind: kind, split: split(of: name))
    }
  }

  /// The files of one kind, the first that there is, without those that describe datasets.
  static func usual(_ files: [DataFile]) -> [DataFile] {
    let others = [
      "dataset_infos.json", "dataset_info.json", "state.json", "dataset_dict.json", "config.json",
    ]
    let files = files.filter { file in !others.contains { file.name.hasSuffix($0) } }
    for kind in [Kind.parquet, .tar, .jsonl, .json, .csv, .tsv] {
      let found = files.filter { $0.kind == kind }
      if !found.isEmpty { return found }
    }
    return []
  }

  private static func kind(of name: String) -> Kind? {
    name.split(separator: ".").last.flatMap { Kind(rawValue: $0.lowercased()) }
  }

  /// The words by which Hugging Face finds splits, and those of the published sets.
  private static let splits: [String: String] = [
    "train": "train", "training": "train", "test": "test", "testing": "test", "eval": "validation",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "testmini": "testmini", "static": "static", "warmup": "warmup",
  ]

  static func split(of name: String) -> String? {
    // The file's own name counts before those of its folders.
    for part in name.split(separator: "/").reversed() {
      let words = part.lowercased().split { !$0.isLetter }.map(String.init)
      if let found = words.lazy.compactMap({ splits[$0] }).first { return found }
    }
    return nil
  }

  /// Its rows, in order; bytes of Parquet files stay there.
  ///
  /// - Parameter pages: Keeps pages of Parquet files that were unpacked.
  func rows(
    _ pages: PageCache, _ body: (Row) throws(DataError) -> Void
  ) throws(DataError) {
    switch kind {
    case .parquet: try parquet(pages, body)
    case .jsonl: try lines(body)
    case .json: try json(body)
    case .csv: try cells(separator: UInt8(ascii: ","), body)
    case .tsv: try cells(separator: 9, body)
    case .tar: try TarFile(path: path, name: name).rows(body)
    }
  }

  private func parquet(
    _ pages: PageCache, _ body: (Row) throws(DataError) -> Void
  ) throws(DataError) {
    func told<T>(_ step: () throws(ParquetError) -> T) throws(DataError) -> T {
      do throws(ParquetError) { return try step() } catch {
        throw .badFile(file: name, reason: error.description, hint: error.hint)
      }
    }
    let file = try told { () throws(ParquetError) in try ParquetFile(path: path, cache: pages) }
    var number = 0
    for group in 0..<file.groupCount {
      var columns: [(name: String, values: [ParquetValue])] = []
      for column in file.columns {
        columns.append(
          (
            column.name,
            try told { () throws(ParquetError) in try file.values(column, group: group) }
          ))
      }
      for row in 0..<file.rowCount(ofGroup: group) {
        number += 1
        try body(
          Row(
            file: name, number: number,
            fields: .record(columns.map { ($0.name, $0.values[row]) })))
      }
    }
  }

  private func lines(_ body: (Row) throws(DataError) -> Void) throws(DataError) {
    let bytes = try FileSystem.read(path, limit: 4 << 30)
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      var text = Array(line)
      if number == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      try body(
        Row(file: name, number: number, fields: try Self.object(text, file: name, line: number)))
    }
  }

  static func object(
    _ text: [UInt8], file: String, line: Int
  ) throws(DataError) -> ParquetValue {
    let node: JSONNode
    do throws(JSONError) { node = try JSONNode(parsing: text) } catch {
      let line = line + error.line - 1
      if error.isEncoding { throw .badText(file: file, line: line, column: error.column) }
      throw .badJSON(file: file, line: line, column: error.column, reason: error.reason)
    }
    guard node.members != nil else {
      throw .badJSON(file: file, line: line, column: 1, reason: "it is \(node.kind)")
    }
    return ParquetValue(node)
  }

  /// An array of objects, or an object with one under `data`, or objects by their names.
  private func json(_ body: (Row) throws(DataError) -> Void) throws(DataError) {
    let bytes = try FileSystem.read(path, limit: 4 << 30)
    let node: JSONNode
    do throws(JSONError) { node = try JSONNode(parsing: bytes) } catch {
      throw .badJSON(file: name, line: error.line, column: error.column, reason: error.reason)
    }
    let items: [(id: String?, node: JSONNode)]
    if let list = node.elements ?? node["data"]?.elements {
      items = list.map { (nil, $0) }
    } else if let members = node.members, members.allSatisfy({ $0.value.members != nil }) {
      items = members.map { ($0.name, $0.value) }
    } else {
      throw .badFile(
        file: name, reason: "holds no list of objects",
        hint: "write [{…}, …], {\"data\": [{…}, …]} or {\"id\": {…}, …}")
    }
    for (index, item) in items.enumerated() {
      guard case .record(var fields) = ParquetValue(item.node) else {
        throw .badRow(
          file: name, row: index + 1, field: "", reason: "is \(item.node.kind)",
          hint: "every item is an object")
      }
      if let id = item.id, item.node["id"] == nil { fields.append(("id", .text(id))) }
      try body(Row(file: name, number: index + 1, fields: .record(fields)))
    }
  }

  private func cells(
    separator: UInt8, _ body: (Row) throws(DataError) -> Void
  ) throws(DataError) {
    let bytes = try FileSystem.read(path)
    let cells: CSVCells
    do throws(NumericsError) {
      cells = try CSVCells(bytes, source: name, separator: separator)
    } catch {
      throw .badFile(file: name, reason: error.message, hint: "write it as RFC 4180 says")
    }
    let width = cells.header.count
    for row in 0..<cells.rowCount {
      var fields: [(name: String, value: ParquetValue)] = []
      for (index, column) in cells.header.enumerated() {
        let text = cells.text(cells.cells[row * width + index])
        fields.append((column, text.isEmpty ? .null : .text(text)))
      }
      // The header is the first line.
      try body(Row(file: name, number: row + 2, fields: .record(fields)))
    }
  }
}
