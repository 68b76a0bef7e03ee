import MDMJSON

/// The elements of the arrays of a large JSON object, parsed one by one, so that a file of half a
/// gigabyte never becomes one tree.
struct JSONElements {
  let file: String
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Calls a function with each element of each array in the outermost object, its member's name
  /// and its place in the array.
  mutating func visit(
    _ body: (_ name: String, _ index: Int, _ element: JSONNode) throws(DataError) -> Void
  ) throws(DataError) {
    skipSpace()
    guard next("{") else { throw fault("it begins no object") }
    skipSpace()
    if next("}") { return }
    while true {
      skipSpace()
      let start = at
      try skipValue()
      guard let name = try node(start..<at).text else { throw fault("a name should stand here") }
      skipSpace()
      guard next(":") else { throw fault("`:` should stand here") }
      skipSpace()
      if next("[") {
        skipSpace()
        var index = 0
        if !next("]") {
          while true {
            skipSpace()
            let start = at
            try skipValue()
            try body(name, index, node(start..<at))
            index += 1
            skipSpace()
            if next("]") { break }
            guard next(",") else { throw fault("`,` or `]` should stand here") }
          }
        }
      } else {
        try skipValue()
      }
      skipSpace()
      if next("}") { return }
      guard next(",") else { throw fault("`,` or `}` should stand here") }
    }
  }

  private mutating func next(_ character: Character) -> Bool {
    guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  /// Passes over a value by counting brackets outside of strings.
  private mutating func skipValue() throws(DataError) {
    var depth = 0
    let start = at
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
          at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < bytes.count else { throw fault("a text does not end") }
        at += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { break }
        depth -= 1
        at += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
        if depth > 0 { at += 1 }
      default: at += 1
      }
      if depth == 0, at > start {
        let last = bytes[at - 1]
        if last == UInt8(ascii: "\"") || last == UInt8(ascii: "}") || last == UInt8(ascii: "]") {
          return
        }
        if at < bytes.count,
          [0x2C, 0x3A, 0x5D, 0x7D, 0x20, 0x09, 0x0A, 0x0D].contains(bytes[at])
        {
          return
        }
      }
      if depth == 0, at == start { throw fault("a value should stand here") }
    }
    throw fault("the text ends too early")
  }

  private func node(_ range: Range<Int>) throws(DataError) -> JSONNode {
    do throws(JSONError) { return try JSONNode(parsing: Array(bytes[range])) } catch {
      let place = place(of: range.lowerBound)
      let column = error.line == 1 ? place.column + error.column - 1 : error.column
      throw .badJSON(
        file: file, line: place.line + error.line - 1, column: column, reason: error.reason)
    }
  }

  private func fault(_ reason: String) -> DataError {
    let place = place(of: min(at, bytes.count))
    return .badJSON(file: file, line: place.line, column: place.column, reason: reason)
  }

  private func place(of offset: Int) -> (line: Int, column: Int) {
    var (line, start) = (1, 0)
    for i in 0..<offset where bytes[i] == 0x0A { (line, start) = (line + 1, i + 1) }
    return (line, offset - start + 1)
  }
}
