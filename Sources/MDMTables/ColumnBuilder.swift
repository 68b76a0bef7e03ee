/// Makes a column of cells: the narrowest type that holds them all.
///
/// Ints among Floats become Floats where none of them would be rounded. Other mixtures of types give a
/// column of type `Any`, which is kept and shown but not computed with.
public struct ColumnBuilder {
  private var bools: [Bool] = []
  private var ints: [Int64] = []
  private var floats: [Double] = []
  private var codes: [Int32] = []
  private var texts = TextPoolBuilder()
  private var cells: [Cell] = []
  private var mask: [Bool] = []
  private var hasMissing = false
  /// nil until a cell is there.
  private var type: ColumnType?

  public init() {}

  /// The column of some cells.
  public static func column(_ cells: some Sequence<Cell>) -> Column {
    var builder = ColumnBuilder()
    for cell in cells { builder.append(cell) }
    return builder.column
  }

  /// The number of cells so far.
  public var count: Int { mask.count }

  public mutating func append(_ cell: Cell) {
    guard let own = cell.type else {
      hasMissing = true
      appendPlaceholder()
      mask.append(true)
      return
    }
    if let type, type != own { widen(for: cell, from: type) } else if type == nil { start(own) }
    mask.append(false)
    switch (type, cell) {
    case (.bool?, .bool(let value)): bools.append(value)
    case (.int?, .int(let value)): ints.append(value)
    case (.float?, .float(let value)): floats.append(value)
    case (.float?, .int(let value)): floats.append(Double(value))
    case (.text?, .text(let text)): codes.append(texts.code(of: text))
    default: cells.append(cell)
    }
  }

  private mutating func appendPlaceholder() {
    switch type {
    case nil: break
    case .bool: bools.append(false)
    case .int: ints.append(0)
    case .float: floats.append(.nan)
    case .text: codes.append(0)
    case .mixed: cells.append(.missing)
    }
  }

  /// The first cell that is there decides the type; those before it were missing.
  private mutating func start(_ own: ColumnType) {
    type = own
    for _ in mask { appendPlaceholder() }
  }

  private mutating func widen(for cell: Cell, from old: ColumnType) {
    if old == .mixed { return }
    if old == .float, case .int(let value) = cell, Self.isExact(value) { return }
    if old == .int, case .float = cell,
      zip(ints, mask).allSatisfy({ $1 || Self.isExact($0) })
    {
      floats = zip(ints, mask).map { $1 ? .nan : Double($0) }
      ints = []
      type = .float
      return
    }
    let before = column
    cells = (0..<before.count).map { before[$0] }
    (bools, ints, floats, codes) = ([], [], [], [])
    texts = TextPoolBuilder()
    type = .mixed
  }

  static func isExact(_ value: Int64) -> Bool { value.magnitude <= 1 << 53 }

  /// The column of all cells so far; one without any cell that is there has type Float.
  public var column: Column {
    let missing = hasMissing ? mask : nil
    switch type {
    case nil: return .repeating(.missing, count: mask.count)
    case .bool: return Column(.bool(bools), missing: missing)
    case .int: return Column(.int(ints), missing: missing)
    case .float: return Column(.float(floats), missing: missing)
    case .text: return Column(.text(codes, texts.pool), missing: missing)
    case .mixed: return Column(.mixed(cells), missing: missing)
    }
  }
}

extension Column {
  /// The cells of several columns one after the other, as a builder would type them.
  public static func concatenate(_ columns: [Column]) -> Column {
    if columns.count == 1 { return columns[0] }
    // A column without cells that are there takes any type.
    let typed = columns.filter { !$0.isEmpty }
    let types = Set(typed.map(\.type))
    let count = columns.reduce(0) { $0 + $1.count }
    if types.isEmpty {
      if let first = columns.first(where: { $0.type != .float }) ?? columns.first, count == 0 {
        return first
      }
      return .repeating(.missing, count: count)
    }
    let mask: [Bool]? =
      columns.allSatisfy { $0.missing == nil }
      ? nil : columns.flatMap { $0.missing ?? [Bool](repeating: false, count: $0.count) }
    if types == [.text] {
      var pool = TextPoolBuilder()
      var codes: [Int32] = []
      codes.reserveCapacity(count)
      for column in columns {
        guard case .text(let own, let texts) = column.storage, !column.isEmpty else {
          codes += [Int32](repeating: 0, count: column.count)
          continue
        }
        let map = texts.texts.map { pool.code(of: $0) }
        codes += own.map { map[Int($0)] }
      }
      return Column(.text(codes, pool.pool), missing: mask)
    }
    if types == [.float] {
      return Column(
        .float(
          columns.flatMap { column -> [Double] in
            if case .float(let values) = column.storage { return values }
            return [Double](repeating: .nan, count: column.count)
          }), missing: mask)
    }
    if types == [.int] {
      return Column(
        .int(
          columns.flatMap { column -> [Int64] in
            if case .int(let values) = column.storage { return values }
            return [Int64](repeating: 0, count: column.count)
          }), missing: mask)
    }
    var builder = ColumnBuilder()
    for column in columns { for row in 0..<column.count { builder.append(column[row]) } }
    return builder.column
  }
}
