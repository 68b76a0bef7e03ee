import MDMMixtures
import MDMNumerics
import MDMRuntime

/// A gain split into format and skill, as scripts hold it.
final class DecompositionValue: FieldedValue {
  let target: String
  let parts: FormatDecomposition
  /// Seeds that only one side has.
  let unmatched: [Int64]

  init(target: String, parts: FormatDecomposition, unmatched: [Int64]) {
    self.target = target
    self.parts = parts
    self.unmatched = unmatched
  }

  var typeName: String { "Decomposition" }

  static func make(_ call: NativeCall) throws -> Datum {
    let score = try call.function(2)
    let level = try call.double(3)
    let sides = try (0...1).map { index in
      try call.runItems(index).enumerated().map { position, item in
        (item, try call.runSeed(item, position, index))
      }
    }
    let name = call.signature(of: score).name
    let found = try decompose(
      sides[0], sides[1], target: name.isEmpty ? "score" : name, level: level
    ) { item, isLenient in
      let found = try call.invoke(
        score, [item], named: isLenient ? [("lenient", .bool(true))] : [])
      guard let number = found.number else {
        throw call.fail("E0708", "`\(name)` gives \(found.brief) for a run", argument: 2)
      }
      return number
    }
    return .domain(try call.judging { () throws(EvidenceError) in try found.get() })
  }

  /// The decomposition of matched runs, or why they do not allow one.
  ///
  /// - Parameter read: a run's score, strict or lenient.
  static func decompose(
    _ left: [(Datum, Int64)], _ right: [(Datum, Int64)], target: String, level: Double,
    read: (Datum, Bool) throws -> Double
  ) throws -> Result<DecompositionValue, EvidenceError> {
    let scores = try [false, true].map { isLenient in
      try (left + right).map { try read($0.0, isLenient) }
    }
    return Result { () throws(EvidenceError) in
      guard !left.isEmpty, !right.isEmpty else {
        throw .tooFew(what: "a comparison", found: min(left.count, right.count), needed: 2)
      }
      var matched: [SeedPanel.Matched] = []
      for values in scores {
        let panel = try SeedPanel(
          target: target,
          mixtures: left.map { _ in "the runs" } + right.map { _ in "the rivals" },
          seeds: (left + right).map(\.1), scores: values)
        matched.append(try panel.pairs(0, 1))
      }
      let (strict, lenient) = (matched[0], matched[1])
      let parts = try FormatDecomposition(
        strict: (strict.left, strict.right), lenient: (lenient.left, lenient.right), level: level)
      return DecompositionValue(target: target, parts: parts, unmatched: strict.unmatched)
    }
  }

  static let fields: [(name: String, read: @Sendable (DecompositionValue) -> Datum)] = [
    ("strict", { DecompositionValue.record($0.parts.strict) }),
    ("skill", { DecompositionValue.record($0.parts.skill) }),
    ("format", { DecompositionValue.record($0.parts.format) }),
    ("format_share", { $0.parts.formatShare.map(Datum.float) ?? .none }),
    ("verdict", { .string($0.parts.verdict) }),
  ]

  private static func record(_ estimate: Estimate) -> Datum {
    .record([
      ("value", .float(estimate.value)), ("low", .float(estimate.lower)),
      ("high", .float(estimate.upper)),
    ])
  }

  static let header = ["", "difference", "interval"]

  var rows: [[String]] {
    [("strict", parts.strict), ("skill", parts.skill), ("format", parts.format)].map {
      [
        $0.0, Text.signed($0.1.value),
        "\(Text.signed($0.1.lower)) to \(Text.signed($0.1.upper))",
      ]
    }
  }

  func display(_ width: Int) -> String {
    var text =
      "\(target), \(parts.strict.count) matched seeds, \(Text.percent(parts.strict.level)) intervals\n"
      + Text.table(header: Self.header, rows: rows) + "\n" + parts.verdict
    if let share = parts.formatShare {
      text += "; format is \(Text.fixed(100 * share, 0))% of it"
    }
    if !unmatched.isEmpty { text += "\n\(unmatched.count) runs without a partner left out" }
    return text
  }
}
