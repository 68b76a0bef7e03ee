import MDMDeclarations
import MDMRuntime
import MDMTraining

/// Losses and advantages by themselves, as functions of numbers.
enum LossBuiltins {
  static let advantages = NativeFunction(
    FunctionSignature(
      "advantages",
      [
        ParameterDeclaration("rewards", .list, "A list of rewards for each group."),
        ParameterDeclaration(
          "kind", .string, default: "\"group\"",
          Advantage.all.map(\.name).joined(separator: ", ") + "."),
        ParameterDeclaration(
          "parts", .list, default: "none", "[group][part][completion], for `gdpo`."),
        ParameterDeclaration(
          "lengths", .list, default: "none", "[group][completion] in tokens, for `gfpo`."),
      ], returns: .list, family: RecipeBuiltins.name,
      "Turns the rewards of a step's groups into advantages.",
      examples: [
        Example("advantages([[0, 1, 5]], kind: \"centred\")", prints: "[[-2.0, -1.0, 3.0]]")
      ], source: "?grpo lists the advantages with their papers")
  ) { call in
    let kind = try call.string(1)
    guard let advantage = Advantage.all.first(where: { $0.name == kind }) else {
      let known = Advantage.all.map(\.name)
      throw call.fail(
        "E0705", "`kind` is \"\(kind)\", which is none of \(known.joined(separator: ", "))",
        hint: NativeCall.nearestName(kind, known).map { "did you mean \"\($0)\"?" }, argument: 1)
    }
    let rewards = try call.list(0).map { try call.row($0, 0) }
    let parts = try call.optional(2) { index in
      try call.list(index).map { try call.rows($0, index) }
    }
    let lengths = try call.optional(3) { index in
      try call.list(index).map { try call.row($0, index).map { Int($0) } }
    }
    guard parts?.count ?? rewards.count == rewards.count,
      lengths?.count ?? rewards.count == rewards.count
    else { throw call.fail("E0420", "`parts` and `lengths` have an entry for each group") }
    let groups = try rewards.enumerated().map { place, total in
      let own = (parts: parts?[place] ?? [], lengths: lengths?[place] ?? [])
      guard own.parts.allSatisfy({ $0.count == total.count }),
        own.lengths.isEmpty || own.lengths.count == total.count
      else { throw call.fail("E0420", "group \(place) has \(total.count) rewards, its parts not") }
      return GroupRewards(total, parts: own.parts, lengths: own.lengths)
    }
    return .list(advantage(groups).map(Datum.numbers))
  }

  static let policyLoss = NativeFunction(
    FunctionSignature(
      "policy_loss",
      [
        ParameterDeclaration(
          "groups", .list,
          "Records with `policy`, `sampling`, `reference` (log-probabilities, [completion][token]) and "
            + "`advantages`; if need be `mask` (Bools), `entropies` and `rollout` in the same shape."
        ),
        ParameterDeclaration(
          "algorithm", .domain("Algorithm"), default: "none", "What `grpo` gave."),
        ParameterDeclaration(
          "correction", .string, default: "none",
          "Corrects by sampling over rollout probabilities: "
            + ImportanceCorrection.Mode.allCases.map(\.rawValue).joined(separator: ", ") + "."),
        ParameterDeclaration(
          "correction_limit", .float, default: "3.0", "The greatest such ratio."),
      ], returns: .record, family: RecipeBuiltins.name,
      "Computes a policy loss, its KL, the clipped share and the derivative by each log-probability.",
      examples: [
        Example(
          "let l = policy_loss([{policy: [[-1.0]], sampling: [[-1.0]], reference: [[-1.0]], advantages: [2.0]}])\n"
            + "[l.loss, l.derivatives[0][0][0]]", prints: "[-2.0, -2.0]")
      ], source: "?grpo lists the losses with their papers")
  ) { call in
    let options =
      try call.optional(1) { try call.domain($0, as: AlgorithmValue.self).options }
      ?? GRPOOptions()
    var settings = options.lossSettings
    settings.correction = try call.optional(2) { index in
      guard let mode = ImportanceCorrection.Mode(rawValue: try call.string(index)) else {
        throw call.fail("E0705", "`correction` is no way to correct", argument: index)
      }
      return ImportanceCorrection(mode: mode, limit: try call.double(3))
    }
    let groups = try call.list(0).enumerated().map { place, item -> LossInput in
      guard case .record(let record) = item else {
        throw call.fail("E0406", "a group is a record, not \(item.brief)", argument: 0)
      }
      func rows(_ key: String) throws -> [[Float]]? {
        guard let value = record[key], !value.isNone else { return nil }
        return try call.rows(value, 0).map { $0.map { Float($0) } }
      }
      guard let policy = try rows("policy"), let given = record["advantages"] else {
        throw call.fail("E0406", "group \(place) lacks `policy` or `advantages`", argument: 0)
      }
      var input = LossInput(
        policy: policy, sampling: try rows("sampling") ?? policy,
        reference: try rows("reference") ?? policy, advantages: try call.row(given, 0))
      input.entropies = try rows("entropies")
      input.rollout = try rows("rollout")
      if let mask = record["mask"], !mask.isNone, case .list(let flags) = mask {
        input.mask = flags.map { row in
          guard case .list(let values) = row else { return [] }
          return values.map { if case .bool(let flag) = $0 { flag } else { true } }
        }
      }
      let shape = policy.map(\.count)
      for other in [input.sampling, input.reference, input.entropies, input.rollout] {
        guard other?.map(\.count) ?? shape == shape else {
          throw call.fail("E0420", "group \(place)'s tables differ in shape", argument: 0)
        }
      }
      guard input.mask?.map(\.count) ?? shape == shape, input.advantages.count == policy.count
      else { throw call.fail("E0420", "group \(place)'s tables differ in shape", argument: 0) }
      return input
    }
    if settings.topEntropy < 1, groups.contains(where: { $0.entropies == nil }) {
      throw call.fail("E0705", "`top_entropy` needs `entropies` in each group", argument: 0)
    }
    let result = options.loss(groups, settings)
    return .record([
      ("loss", .float(result.loss)), ("kl", .float(result.kl)),
      ("clipped", .float(result.clipped)), ("derivatives", nested(result.derivatives)),
    ])
  }

  /// Numbers as lists of lists of lists.
  static func nested(_ values: [[[Float]]]) -> Datum {
    .list(values.map { .list($0.map { .numbers($0.map(Double.init)) }) })
  }
}

extension Datum {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}

extension NativeCall {
  /// A list of numbers.
  fileprivate func row(_ datum: Datum, _ index: Int) throws -> [Double] {
    guard case .list(let values) = datum else {
      throw fail("E0406", "a list of numbers was expected, not \(datum.brief)", argument: index)
    }
    return try values.map { value in
      guard let number = value.number else {
        throw fail("E0406", "a number was expected, not \(value.brief)", argument: index)
      }
      return number
    }
  }

  /// A list of lists of numbers.
  fileprivate func rows(_ datum: Datum, _ index: Int) throws -> [[Double]] {
    guard case .list(let rows) = datum else {
      throw fail("E0406", "lists of numbers were expected, not \(datum.brief)", argument: index)
    }
    return try rows.map { try row($0, index) }
  }
}
