/// The values that a row group's leaf has gathered.
struct WrittenLeaf {
  let path: [String]
  let type: ParquetType
  let definition: Int
  let repeats: Int
  var definitions: [Int] = []
  var repetitions: [Int] = []
  var values: [UInt8] = []
  var bits: [Bool] = []

  /// Writes a value that fits; false where it does not.
  mutating func write(_ value: ParquetValue) -> Bool {
    func little(_ bits: UInt64) -> [UInt8] { withUnsafeBytes(of: bits.littleEndian) { Array($0) } }
    func sized(_ bytes: [UInt8]) -> [UInt8] {
      withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { Array($0) } + bytes
    }
    switch (type, value) {
    case (.bool, .bool(let flag)): bits.append(flag)
    case (.int, .int(let number)): values += little(UInt64(bitPattern: number))
    case (.double, .double(let number)): values += little(number.bitPattern)
    case (.double, .int(let number)): values += little(Double(number).bitPattern)
    case (.text, .text(let text)): values += sized(Array(text.utf8))
    case (.bytes, .bytes(let bytes)): values += sized(bytes)
    case (.bytes, .stored(let stored)):
      guard let bytes = try? stored.bytes() else { return false }
      values += sized(bytes)
    default: return false
    }
    return true
  }

  /// Levels and values as a page has them.
  var page: [UInt8] {
    var page: [UInt8] = []
    func add(_ levels: [Int], width: Int) {
      guard width > 0 else { return }
      var runs: [UInt8] = []
      var at = 0
      while at < levels.count {
        var end = at
        while end < levels.count, levels[end] == levels[at] { end += 1 }
        var head = UInt64(end - at) << 1
        while head >= 0x80 {
          runs.append(UInt8(head & 0x7F) | 0x80)
          head >>= 7
        }
        runs += [UInt8(head), UInt8(levels[at])]
        at = end
      }
      page += withUnsafeBytes(of: UInt32(runs.count).littleEndian) { Array($0) } + runs
    }
    add(repetitions, width: Levels.width(repeats))
    add(definitions, width: Levels.width(definition))
    if type == .bool {
      var packed = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
      for (i, bit) in bits.enumerated() where bit { packed[i >> 3] |= 1 << UInt8(i & 7) }
      return page + packed
    }
    return page + values
  }
}
