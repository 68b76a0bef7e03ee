import Glibc
import MDMRuntime
import MDMSyntax
import MDMTables

/// Computes the body of a short function for all rows at once, with the machine's exact results.
///
/// Every method gives nil where the machine would fail for some row, or where rows would give values
/// of different types; the function is then called row by row and reports what it finds.
struct ColumnEvaluator {
  /// The number of rows.
  let count: Int
  /// A field's column; nil where there is none of that name.
  let field: (String) -> Column?
  /// Calls that stand for whole columns: aggregates, where rows are groups.
  var reduce: (String, [RowExpression]) -> Column? = { _, _ in nil }

  init(_ table: Table) {
    count = table.rowCount
    field = { table[$0] }
  }

  init(groups count: Int, reduce: @escaping (String, [RowExpression]) -> Column?) {
    self.count = count
    field = { _ in nil }
    self.reduce = reduce
  }

  /// The column of an expression.
  func column(_ expression: RowExpression) -> Column? {
    count == 0 ? nil : evaluate(expression, nil)?.column(count: count)
  }

  /// The value for some rows, or for all.
  private func evaluate(_ expression: RowExpression, _ rows: [Int32]?) -> Operand? {
    let size = rows?.count ?? count
    switch expression {
    case .row, .variable: return nil
    case .constant(let datum):
      let cell = Cell(datum)
      if case .other = cell { return nil }
      return .cell(cell)
    case .field(let name):
      guard let column = field(name), column.type != .mixed else { return nil }
      return .column(rows.map { column.gather($0) } ?? column)
    case .negate(let operand):
      return evaluate(operand, rows).flatMap { Vector.negated($0, count: size) }.map(Operand.column)
    case .not(let operand):
      guard let operand = evaluate(operand, rows),
        let truths = Vector.truths(operand, count: size)
      else { return nil }
      return .column(Column(.bool(truths.map { !$0 })))
    case .binary(.and, let left, let right): return logical(left, right, rows, isAnd: true)
    case .binary(.or, let left, let right): return logical(left, right, rows, isAnd: false)
    case .binary(.coalesce, let left, let right): return coalesce(left, right, rows)
    case .binary(.contains, let left, let right): return contains(left, right, rows)
    case .binary(let operation, let left, let right):
      guard let left = evaluate(left, rows), let right = evaluate(right, rows) else { return nil }
      return binary(operation, left, right, size).map(Operand.column)
    case .choose(let condition, let then, let otherwise):
      return choose(condition, then, otherwise, rows)
    case .call(let name, let arguments):
      if let column = reduce(name, arguments) {
        return .column(rows.map { column.gather($0) } ?? column)
      }
      var operands: [Operand] = []
      for argument in arguments {
        guard let operand = evaluate(argument, rows) else { return nil }
        operands.append(operand)
      }
      return call(name, operands, size).map(Operand.column)
    }
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Operand, _ right: Operand, _ size: Int
  ) -> Column? {
    switch operation {
    case .add: Vector.arithmetic(.add, left, right, count: size)
    case .subtract: Vector.arithmetic(.subtract, left, right, count: size)
    case .multiply: Vector.arithmetic(.multiply, left, right, count: size)
    case .divide: Vector.arithmetic(.divide, left, right, count: size)
    case .floorDivide: Vector.arithmetic(.floorDivide, left, right, count: size)
    case .remainder: Vector.arithmetic(.remainder, left, right, count: size)
    case .power: Vector.arithmetic(.power, left, right, count: size)
    case .less: Vector.compare(.less, left, right, count: size)
    case .lessEqual: Vector.compare(.lessEqual, left, right, count: size)
    case .greater: Vector.compare(.greater, left, right, count: size)
    case .greaterEqual: Vector.compare(.greaterEqual, left, right, count: size)
    case .equal: Vector.equal(left, right, count: size).map { Column(.bool($0)) }
    case .notEqual: Vector.equal(left, right, count: size).map { Column(.bool($0.map { !$0 })) }
    case .and, .or, .coalesce, .contains: nil
    }
  }

  // MARK: Operands that are evaluated where they are needed

  /// Some of the rows: their positions among the present ones, and in the table.
  private func part(
    _ rows: [Int32]?, _ size: Int, where isIn: (Int) -> Bool
  ) -> (places: [Int], rows: [Int32]) {
    let places = (0..<size).filter(isIn)
    return (places, places.map { rows?[$0] ?? Int32($0) })
  }

  private func logical(
    _ left: RowExpression, _ right: RowExpression, _ rows: [Int32]?, isAnd: Bool
  ) -> Operand? {
    let size = rows?.count ?? count
    guard let operand = evaluate(left, rows), let first = Vector.truths(operand, count: size) else {
      return nil
    }
    // The right side decides where the left one does not.
    guard first.contains(isAnd) else { return .column(Column(.bool(first))) }
    if let operand = evaluate(right, rows), let second = Vector.truths(operand, count: size) {
      let both = isAnd ? Vector.and(first, second) : Vector.or(first, second)
      return .column(Column(.bool(both)))
    }
    let open = part(rows, size) { first[$0] == isAnd }
    guard let operand = evaluate(right, open.rows),
      let second = Vector.truths(operand, count: open.places.count)
    else { return nil }
    var answer = first
    for (place, value) in zip(open.places, second) { answer[place] = value }
    return .column(Column(.bool(answer)))
  }

  private func coalesce(
    _ left: RowExpression, _ right: RowExpression, _ rows: [Int32]?
  ) -> Operand? {
    let size = rows?.count ?? count
    let first: Column
    if case .field(let name) = left, field(name) == nil {
      first = .repeating(.missing, count: size)
    } else {
      guard let operand = evaluate(left, rows) else { return nil }
      first = operand.column(count: size)
    }
    guard let missing = first.missing else { return .column(first) }
    let open = part(rows, size) { missing[$0] }
    guard let second = evaluate(right, open.rows) else { return nil }
    return merge(first, second.column(count: open.places.count), open.places)
  }

  private func choose(
    _ condition: RowExpression, _ then: RowExpression, _ otherwise: RowExpression, _ rows: [Int32]?
  ) -> Operand? {
    let size = rows?.count ?? count
    guard let operand = evaluate(condition, rows),
      let truths = Vector.truths(operand, count: size)
    else { return nil }
    let (yes, no) = (part(rows, size) { truths[$0] }, part(rows, size) { !truths[$0] })
    if no.places.isEmpty { return evaluate(then, rows) }
    if yes.places.isEmpty { return evaluate(otherwise, rows) }
    guard let first = evaluate(then, yes.rows), let second = evaluate(otherwise, no.rows) else {
      return nil
    }
    var spread = [Int32](repeating: -1, count: size)
    for (position, place) in yes.places.enumerated() { spread[place] = Int32(position) }
    let wide = first.column(count: yes.places.count).gather(spread)
    return merge(wide, second.column(count: no.places.count), no.places)
  }

  /// The first column with the second's cells at some places; nil where they differ in type.
  private func merge(_ first: Column, _ second: Column, _ places: [Int]) -> Operand? {
    guard first.type == second.type || first.isEmpty || second.isEmpty else { return nil }
    var source = (0..<Int32(first.count)).map { $0 }
    for (position, place) in places.enumerated() {
      source[place] = Int32(first.count + position)
    }
    return .column(Column.concatenate([first, second]).gather(source))
  }

  // MARK: Membership

  private func contains(
    _ left: RowExpression, _ right: RowExpression, _ rows: [Int32]?
  ) -> Operand? {
    let size = rows?.count ?? count
    guard let item = evaluate(left, rows) else { return nil }
    if case .constant(.list(let items)) = right {
      return isOneOf(item, items.map { Cell($0) }, size)
    }
    guard let target = evaluate(right, rows) else { return nil }
    switch (item, target) {
    case (.cell(.text(let part)), .column(let column)):
      return Vector.mapTexts(column) { Vector.contains($0, part) }.map(Operand.column)
    case (.column(let column), .cell(.text(let text))):
      return Vector.mapTexts(column) { Vector.contains(text, $0) }.map(Operand.column)
    default: return nil
    }
  }

  private func isOneOf(_ item: Operand, _ cells: [Cell], _ size: Int) -> Operand? {
    if case .column(let column) = item,
      let made = Vector.mapTexts(column, { text in cells.contains(.text(text)) })
    {
      return .column(made)
    }
    guard cells.count <= 64 else { return nil }
    var answer = [Bool](repeating: false, count: size)
    for cell in cells {
      guard let equal = Vector.equal(item, .cell(cell), count: size) else { return nil }
      answer = Vector.or(answer, equal)
    }
    return .column(Column(.bool(answer)))
  }

  // MARK: Functions

  private func call(_ name: String, _ operands: [Operand], _ size: Int) -> Column? {
    guard let operand = operands.first else { return nil }
    if operands.count == 2, name == "min" || name == "max" {
      return Vector.extreme(operand, operands[1], count: size, isMinimum: name == "min")
    }
    guard operands.count == 1 else { return nil }
    switch name {
    case "sqrt": return Vector.real(operand, count: size) { $0.squareRoot() }
    case "exp": return Vector.real(operand, count: size, Glibc.exp)
    case "log": return Vector.real(operand, count: size, Glibc.log)
    case "log2": return Vector.real(operand, count: size, Glibc.log2)
    case "log10": return Vector.real(operand, count: size, Glibc.log10)
    case "sin": return Vector.real(operand, count: size, Glibc.sin)
    case "cos": return Vector.real(operand, count: size, Glibc.cos)
    case "tanh": return Vector.real(operand, count: size, Glibc.tanh)
    case "float": return Vector.real(operand, count: size) { $0 }
    case "int": return Vector.rounded(operand, count: size, .towardZero)
    case "floor": return Vector.rounded(operand, count: size, .down)
    case "ceil": return Vector.rounded(operand, count: size, .up)
    case "round": return Vector.rounded(operand, count: size, .toNearestOrAwayFromZero)
    case "abs": return Vector.magnitude(operand, count: size)
    case "is_finite":
      return Vector.real(operand, count: size) { $0 }.flatMap { column in
        column.numbers.map { Column(.bool($0.map(\.isFinite))) }
      }
    case "len": return Vector.lengths(operand, count: size)
    default: return nil
    }
  }
}
