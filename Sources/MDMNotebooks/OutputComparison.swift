import MDMJSON
import MDMPlots

/// Compares what cells show: numbers within a tolerance, pictures by the data behind them.
public struct OutputComparison: Sendable {
  /// Numbers a and b are equal where |a - b| ≤ max(tolerance · max(|a|, |b|), 1e-12): learning rates
  /// are compared like scores, and what rounding leaves of 0 is 0. (The rule of pytest's `approx`.)
  public var tolerance: Double

  public init(tolerance: Double = 1e-6) { self.tolerance = tolerance }

  /// What differs between the outputs that a cell had and those that it has, a line each; empty
  /// where nothing does.
  public func differences(_ before: [NotebookOutput], _ after: [NotebookOutput]) -> [String] {
    var found: [String] = []
    for index in 0..<max(before.count, after.count) {
      let place = "output \(index + 1)"
      guard index < after.count else {
        found.append("\(place), \(before[index].name), is gone")
        continue
      }
      guard index < before.count else {
        found.append("\(place), \(after[index].name), is new")
        continue
      }
      found += difference(before[index], after[index]).map { "\(place): \($0)" }
    }
    return found
  }

  private func difference(_ before: NotebookOutput, _ after: NotebookOutput) -> [String] {
    switch (before, after) {
    case (.stream(let first, let old), .stream(let second, let new)) where first == second:
      return texts(old, new)
    case (.error(let first, let old, _), .error(let second, let new, _)):
      return first == second ? texts(old, new) : ["the error was \(first) and is \(second)"]
    case (.display(let old, _), .display(let new, _)),
      (.result(_, let old, _), .result(_, let new, _)):
      return data(old, new)
    default: return ["it was \(before.name) and is \(after.name)"]
    }
  }

  private func data(_ old: [JSONNode.Member], _ new: [JSONNode.Member]) -> [String] {
    // A picture's forms all follow from its data.
    if let first = old[Figure.mediaType], let second = new[Figure.mediaType] {
      return json(first, second, at: "the plot")
    }
    let (types, others) = (Set(old.map(\.name)), Set(new.map(\.name)))
    guard types == others else {
      return [
        "it was shown as \(types.sorted().joined(separator: ", ")), "
          + "and is as \(others.sorted().joined(separator: ", "))"
      ]
    }
    return old.flatMap { part -> [String] in
      guard let other = new[part.name] else { return [] }
      switch (part.value, other) {
      case (.string(let first), .string(let second))
      where part.name.hasPrefix("text/") || part.name == "image/svg+xml":
        // The HTML of a table says what its text says.
        return part.name == "text/html" && types.contains("text/plain") ? [] : texts(first, second)
      case (.string(let first), .string(let second)):
        if first == second { return [] }
        let bytes = Base64.bytes(first)
        return bytes != nil && bytes == Base64.bytes(second) ? [] : ["the \(part.name) differs"]
      default: return json(part.value, other, at: part.name)
      }
    }
  }

  // MARK: JSON

  private func json(_ old: JSONNode, _ new: JSONNode, at place: String) -> [String] {
    if let first = old.number, let second = new.number {
      return isEqual(first, second) ? [] : ["\(place): \(Self.text(old)) became \(Self.text(new))"]
    }
    switch (old, new) {
    case (.array(let first), .array(let second)):
      guard first.count == second.count else {
        return ["\(place): \(first.count) elements became \(second.count)"]
      }
      return Self.first(
        zip(first, second).enumerated().flatMap { index, pair in
          json(pair.0, pair.1, at: "\(place)[\(index)]")
        })
    case (.object(let first), .object(let second)):
      let gone = first.filter { second[$0.name] == nil }.map { "\(place).\($0.name) is gone" }
      let added = second.filter { first[$0.name] == nil }.map { "\(place).\($0.name) is new" }
      let changed = first.flatMap { member in
        second[member.name].map { json(member.value, $0, at: "\(place).\(member.name)") } ?? []
      }
      return Self.first(gone + added + changed)
    default:
      return old == new ? [] : ["\(place): \(Self.text(old)) became \(Self.text(new))"]
    }
  }

  private static func text(_ node: JSONNode) -> String {
    String(String(decoding: node.compact, as: UTF8.self).prefix(80))
  }

  /// A few are enough to see what happened.
  private static func first(_ differences: [String]) -> [String] {
    differences.count <= 5
      ? differences : differences.prefix(4) + ["… and \(differences.count - 4) more"]
  }

  // MARK: Texts

  /// The first line that differs; numbers in it count as numbers.
  private func texts(_ old: String, _ new: String) -> [String] {
    let first = old.split(separator: "\n", omittingEmptySubsequences: false)
    let second = new.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(first.count, second.count) {
      let before = index < first.count ? first[index] : nil
      let after = index < second.count ? second[index] : nil
      if let before, let after, isEqual(before, after) { continue }
      // A line break more or less at the end is no difference that anybody sees.
      if before == nil, after == "" || after == nil { continue }
      if after == nil, before == "" { continue }
      return [
        "line \(index + 1) differs\n  was: \(before.map(Self.shown) ?? "(no such line)")"
          + "\n  is:  \(after.map(Self.shown) ?? "(no such line)")"
      ]
    }
    return []
  }

  private static func shown(_ line: Substring) -> String {
    line.count <= 200 ? String(line) : line.prefix(200) + "…"
  }

  private func isEqual(_ first: Substring, _ second: Substring) -> Bool {
    if first == second { return true }
    let (before, after) = (Self.parts(first), Self.parts(second))
    return before.count == after.count
      && zip(before, after).allSatisfy { old, new in
        if let first = old.number, let second = new.number { return isEqual(first, second) }
        return old.text == new.text
      }
  }

  private func isEqual(_ first: Double, _ second: Double) -> Bool {
    first == second || first.isNaN && second.isNaN
      // The tolerance of what is infinite would be too.
      || first.isFinite && second.isFinite
        && abs(first - second)
          <= max(
            tolerance * max(abs(first), abs(second)), min(tolerance, 1e-12))
  }

  /// A line as numbers and the words between them; how wide blanks are is no matter, since columns
  /// follow the widest number.
  private static func parts(_ line: Substring) -> [(text: Substring, number: Double?)] {
    var parts: [(text: Substring, number: Double?)] = []
    var rest = line
    while let match = rest.firstMatch(of: #/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|\bnan\b/#) {
      let before = rest[..<match.range.lowerBound]
      parts += before.split(separator: " ").map { ($0, nil) }
      parts.append((match.output.0, Double(match.output.0)))
      rest = rest[match.range.upperBound...]
    }
    return parts + rest.split(separator: " ").map { ($0, nil) }
  }
}

extension NotebookOutput {
  /// What kind of output it is, in words.
  fileprivate var name: String {
    switch self {
    case .stream(let name, _): "text for \(name)"
    case .display: "something displayed"
    case .result: "a value"
    case .error(let name, _, _): "the error \(name)"
    }
  }
}
