import MDMMixtures
import MDMNumerics
import MDMRuntime

/// The laws of several targets of the same runs.
final class LawsValue: FieldedValue {
  /// One law a target, in the order of the targets.
  let laws: [LawValue]

  init(_ laws: [LawValue]) { self.laws = laws }

  var typeName: String { "Laws" }

  static let fields: [(name: String, read: @Sendable (LawsValue) -> Datum)] = [
    ("targets", { .strings($0.laws.map(\.target)) }),
    ("domains", { .strings($0.laws.first?.surrogate.domains ?? []) }),
    ("runs", { .int($0.laws.first?.surrogate.runs ?? 0) }),
  ]

  var fieldNames: [String] { laws.map(\.target) + Self.fields.map(\.name) }

  /// A target's law comes before a field of that name.
  func field(_ name: String) -> Datum? {
    laws.first { $0.target == name }.map { .domain($0) }
      ?? Self.fields.first { $0.name == name }?.read(self)
  }

  var hintWhereUnexpected: String? {
    "take one of them: laws[\"\(laws.first?.target ?? "score")\"]"
  }

  var count: Int? { laws.count }

  func element(at position: Int) -> Datum? {
    laws.indices.contains(position) ? .domain(laws[position]) : nil
  }

  /// What a function of a law gives for each, by target.
  func record(_ read: (LawValue) throws -> Datum) rethrows -> Datum {
    .record(try laws.map { ($0.target, try read($0)) })
  }

  func display(_ width: Int) -> String {
    let rows = laws.map { law -> [String] in
      let start = [law.target, law.surrogate.family.name]
      guard let cv = law.surrogate.validation else { return start + ["–", "–", "–"] }
      return start + [
        Text.fixed(cv.rSquared, 2), Text.fixed(cv.rmse, 4), Text.fixed(cv.baselineRMSE, 4),
      ]
    }
    return "Laws of \(laws.count) target\(laws.count == 1 ? "" : "s"), "
      + "\(laws.first?.surrogate.runs ?? 0) runs; R² and error of mixtures left out\n"
      + Text.table(header: ["", "model", "R²", "rmse", "guessing the mean"], rows: rows)
  }
}

extension NativeCall {
  /// Laws as `fit` gave them for several targets, or a list of single ones.
  func laws(_ index: Int) throws -> [LawValue] {
    if case .domain(let all as LawsValue) = try datum(index) { return all.laws }
    return try domains(index, as: LawValue.self, called: "Law")
  }

  /// A number a law: a list in their order, or a record by target.
  func lawWeights(_ index: Int, _ laws: [LawValue]) throws -> [Double]? {
    guard !isMissing(index) else { return nil }
    guard case .record(let record) = try datum(index) else { return try doubles(index) }
    for name in record.names where !laws.contains(where: { $0.target == name }) {
      throw fail(
        "E0701", "no law is of the target `\(name)`",
        hint: "the targets are " + laws.map(\.target).joined(separator: ", "), argument: index)
    }
    return try laws.map { law in
      guard let value = record[law.target] else {
        throw fail(
          "E0701", "the target `\(law.target)` has no weight",
          hint: "write 0 for one that does not count", argument: index)
      }
      guard let number = value.number else {
        throw fail(
          "E0406", "the weight of `\(law.target)` is \(value.brief), not a number", argument: index)
      }
      return number
    }
  }
}
