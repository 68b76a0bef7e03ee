extension Checker {
  /// The names that a pattern binds, in the order of the text; of alternatives those of the first.
  static func names(_ pattern: Pattern) -> [Name] {
    switch pattern.kind {
    case .wildcard, .literal, .range: return []
    case .binding(let text): return [Name(text, pattern.span)]
    case .either(let alternatives): return alternatives.first.map(names) ?? []
    case .list(let patterns, let rest):
      var list: [Name] = []
      for (position, element) in patterns.enumerated() {
        if let rest, rest.position == position, let name = rest.name { list.append(name) }
        list += names(element)
      }
      if let rest, rest.position >= patterns.count, let name = rest.name { list.append(name) }
      return list
    case .record(let fields): return fields.flatMap { names($0.pattern) }
    }
  }

  /// Reports names bound twice and alternatives that bind different names.
  mutating func patternFaults(_ pattern: Pattern) {
    switch pattern.kind {
    case .either(let alternatives):
      let first = Set(alternatives.first.map { Self.names($0).map(\.text) } ?? [])
      for alternative in alternatives {
        let own = Set(Self.names(alternative).map(\.text))
        if own != first, let odd = own.symmetricDifference(first).sorted().first {
          error(
            "E0311", "`\(odd)` is not bound by all alternatives", at: alternative.span,
            hint: "bind the same names in each, or write `_`")
        }
        patternFaults(alternative)
      }
    case .list(let patterns, _): for element in patterns { patternFaults(element) }
    case .record(let fields):
      var keys: Set<String> = []
      for (key, field) in fields {
        if !keys.insert(key.text).inserted {
          error("E0308", "the key `\(key.text)` is written twice", at: key.span, hint: "remove one")
        }
        patternFaults(field)
      }
    case .wildcard, .binding, .literal, .range: break
    }
  }
}
