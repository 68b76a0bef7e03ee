extension DesignKind {
  /// The paper's pilot runs: each domain alone, each left out, and all with equal weights.
  public static let seeds = DesignKind(
    name: "seeds", summary: "each domain alone, each domain left out, and equal weights",
    source: "MoDoMoDo (arXiv 2505.24871), section 4"
  ) { request throws(MixtureError) in
    let count = request.domains.count
    let all = [Double](repeating: 1, count: count)
    let points =
      count < 3
      ? vertices(count) + (count == 1 ? [] : [all]) : vertices(count) + others(count) + [all]
    return try fixed(points, request, "seeds")
  }

  /// Each domain alone.
  public static let singles = DesignKind(
    name: "singles", summary: "each domain alone", source: "MoDoMoDo (arXiv 2505.24871), section 4"
  ) { request throws(MixtureError) in
    try fixed(vertices(request.domains.count), request, "singles")
  }

  /// Each domain left out, the others with equal weights.
  public static let excludeOne = DesignKind(
    name: "exclude-one", summary: "each domain left out, the others with equal weights",
    source: "MoDoMoDo (arXiv 2505.24871), section 4"
  ) { request throws(MixtureError) in
    guard request.domains.count > 1 else {
      throw .badCount(what: "the number of domains", count: 1, allowed: "2 and above")
    }
    return try fixed(others(request.domains.count), request, "exclude-one")
  }

  /// Equal weights, as often as runs are asked for.
  public static let uniform = DesignKind(
    name: "uniform", summary: "equal weights, as often as runs are asked for",
    source: "the baseline of every mixture experiment"
  ) { request throws(MixtureError) in
    let runs = request.runs ?? 1
    guard runs > 0 else {
      throw .badCount(what: "the number of runs", count: runs, allowed: "1 and above")
    }
    return [Mixture](repeating: try .uniform(request.domains), count: runs)
  }

  private static func vertices(_ count: Int) -> [[Double]] {
    (0..<count).map { i in (0..<count).map { $0 == i ? 1 : 0 } }
  }

  private static func others(_ count: Int) -> [[Double]] {
    (0..<count).map { i in (0..<count).map { $0 == i ? 0 : 1 } }
  }
}
