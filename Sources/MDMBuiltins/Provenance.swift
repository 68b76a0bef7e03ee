import MDMPlots
import MDMRuntime

/// What values of the domain tell about where they come from.
public enum Provenance {
  /// What went into a value, as names and texts; empty where it does not know.
  public static func facts(of value: any DomainValue) -> [(name: String, text: String)] {
    (value as? any TracedValue)?.origins ?? []
  }

  /// A fact of each line of a run's `inputs`: its first word, and the rest.
  static func facts(inputs: String) -> [(name: String, text: String)] {
    inputs.split(separator: "\n").map { line in
      let name = line.prefix { $0 != " " }
      return (String(name), String(line.dropFirst(name.count + 1)))
    }
  }
}

/// A value that knows what went into it.
protocol TracedValue: DomainValue {
  var origins: [(name: String, text: String)] { get }
}

extension RunValue: TracedValue {
  var origins: [(name: String, text: String)] {
    var facts = Provenance.facts(inputs: run.inputs)
    facts += [
      ("mixture", mixture.display(100)),
      ("status", "\(run.status.rawValue) after \(run.steps) of \(run.plannedSteps) steps"),
      ("gave policy", policy.policy.fingerprint),
    ]
    if let id { facts.append(("kept as run", id)) }
    return facts + makers
  }
}

extension PolicyValue: TracedValue {
  var origins: [(name: String, text: String)] {
    [("fingerprint", policy.fingerprint), ("known as", name)]
  }
}

extension DatasetValue: TracedValue {
  var origins: [(name: String, text: String)] {
    [
      ("fingerprint", dataset.fingerprint),
      ("split", "\(dataset.split.rawValue), \(dataset.count)"),
    ]
  }
}

extension SuiteValue: TracedValue {
  var origins: [(name: String, text: String)] {
    (suite.train + suite.tests + suite.benchmarks).map { set in
      (
        "\(set.name) (\(set.split.rawValue))",
        "\(set.count) examples, \(set.fingerprint.prefix(16))"
      )
    }
  }
}

extension MixtureValue: TracedValue {
  var origins: [(name: String, text: String)] {
    suite.map { [("domains of", "suite \($0.suite.name)")] } ?? []
  }
}

extension LawValue: TracedValue {
  var origins: [(name: String, text: String)] {
    var facts = [
      ("model", "\(surrogate.family.name), \(surrogate.terms.count) terms"),
      ("penalty", "\(surrogate.penalty)"), ("fitted to", "\(mixtures.count) runs of \(target)"),
    ]
    for (mixture, score) in zip(mixtures, scores).prefix(12) {
      facts.append((Text.fixed(score, 4), mixture.label))
    }
    if mixtures.count > 12 { facts.append(("…", "and \(mixtures.count - 12) runs more")) }
    return facts
  }
}

extension PlotValue: TracedValue {
  var origins: [(name: String, text: String)] { Self.origins(of: figure) }

  private static func origins(of figure: Figure) -> [(name: String, text: String)] {
    switch figure.content {
    case .chart(let chart):
      return chart.series.map { series in
        (series.name.isEmpty ? "series" : series.name, "\(series.y.count) points")
      }
    case .bars(let bars):
      return bars.groups.map { group in
        (group.name.isEmpty ? "bars" : group.name, "\(group.bars.count) values")
      }
    case .ternary(let map):
      return [
        ("over", map.domains.joined(separator: ", ")), ("points", "\(map.points.count) mixtures"),
      ]
    case .heat(let map):
      return [("cells", "\(map.rows.count) by \(map.columns.count)")]
    case .panels(let figures, _): return figures.flatMap(Self.origins)
    }
  }
}
