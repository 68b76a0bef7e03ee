import MDMMixtures
import MDMRuntime

/// Floors and caps of weights, as arguments give them.
extension NativeCall {
  /// Floors and caps from two records of named domains.
  func bounds(cap: Int, floor: Int, domains: [String]) throws -> SimplexBounds {
    let upper = try optional(cap) { try numbers(of: domains, $0) }
    let lower = try optional(floor) { try numbers(of: domains, $0) }
    let (low, high) = (
      domains.indices.map { (lower?[$0] ?? nil) ?? 0 },
      domains.indices.map { (upper?[$0] ?? nil) ?? 1 }
    )
    for (name, limits) in zip(domains, zip(low, high))
    where !(limits.0 >= 0 && limits.0 <= limits.1 && limits.1 <= 1) {
      throw fail(
        "E0701", "`\(name)` has a floor of \(limits.0) and a cap of \(limits.1)",
        hint: "weights lie between 0 and 1 (30% or 0.3), a floor not above its cap",
        argument: isMissing(cap) || (upper?[domains.firstIndex(of: name) ?? 0] ?? nil) == nil
          ? floor : cap)
    }
    return try mixing { () throws(MixtureError) in
      try SimplexBounds(lower: low, upper: high)
    }
  }

  /// A number for each domain that a record names, nil for the others.
  func numbers(of domains: [String], _ index: Int) throws -> [Double?] {
    var result = [Double?](repeating: nil, count: domains.count)
    for (name, value) in try record(index).entries {
      guard let position = domains.firstIndex(of: name) else {
        throw fail(
          "E0701", "there is no domain `\(name)`",
          hint: "the domains are " + domains.joined(separator: ", "), argument: index)
      }
      guard let number = value.number else {
        throw fail(
          "E0406", "the limit of `\(name)` should be a number, but is \(value.brief)",
          argument: index)
      }
      result[position] = number
    }
    return result
  }

  /// Caps against repeating examples, from given sizes or the law's suite; nil where no number of
  /// draws is given.
  func repetitionCaps(
    _ law: LawValue, sizes sizesIndex: Int, draws drawsIndex: Int, repeats repeatsIndex: Int
  ) throws -> [Double]? {
    let domains = law.surrogate.domains
    let given = try optional(sizesIndex) { try numbers(of: domains, $0) }
    guard let draws = try optional(drawsIndex, { try int($0) }) else {
      guard given == nil else {
        throw fail(
          "E0406", "`sizes` needs `draws`", hint: "write draws: 4000", argument: sizesIndex)
      }
      return nil
    }
    let train = law.mixtures.first?.suite?.suite.train ?? []
    let sizes =
      given
      ?? domains.map { name in train.first { $0.domain == name }.map { Double($0.count) } }
    guard given != nil || !train.isEmpty else {
      throw fail(
        "E0406", "`draws` needs `sizes`: the law's mixtures come from no suite",
        hint: "write sizes: {coco: 2000, sat: 500}", argument: drawsIndex)
    }
    for size in sizes.compactMap({ $0 }) where !(size >= 0 && size < 1e15) {
      throw fail("E0701", "a dataset of \(size) examples is none", argument: sizesIndex)
    }
    let repeats = try double(repeatsIndex)
    return try mixing { () throws(MixtureError) in
      try SimplexBounds.repetition(
        sizes: sizes.map { Int($0 ?? 1e15) }, draws: draws, epochs: repeats
      ).upper
    }
  }
}
