import Glibc
import MDMMixtures
import MDMNumerics

// Times the mixture science on tables that compare.py writes:
//   mixture-bench FOLDER     ridge, process and trees on FOLDER/{ridge,process,trees}.csv
//   mixture-bench regmix F   rank correlations on RegMix's public runs in F
// A line each: name, median CPU ms, then figures to compare.

func cpu() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

@MainActor func timed<T>(_ name: String, runs: Int, _ body: () throws -> T) rethrows -> T {
  var last = try body()
  var times: [Double] = []
  for _ in 0..<runs {
    let start = cpu()
    last = try body()
    times.append((cpu() - start) * 1000)
  }
  print(name, times.sorted()[times.count / 2], terminator: "")
  return last
}

func observations(_ path: String) throws -> (points: [[Double]], scores: [Double]) {
  let table = try CSVTable(path: path)
  let columns = try table.header.map { try table.numbers($0) }
  return (
    table.rows.indices.map { row in columns.dropLast().map { $0[row] } }, columns[columns.count - 1]
  )
}

func mixtures(_ points: [[Double]]) throws -> [Mixture] {
  let names = points[0].indices.map { "d\($0)" }
  return try points.map { try .renormalised(domains: names, weights: $0) }
}

@MainActor func peers(_ folder: String) throws {
  let (points, scores) = try observations(folder + "/ridge.csv")
  let plan = try mixtures(points)
  // The peer's 13 penalties, five folds, then the fit: everything from the mixtures on.
  let law = try timed("ridge", runs: 21) {
    try Surrogate.fit(
      scores, on: SurrogateBasis(plan, family: .quadratic), folds: .byMixture(count: 5, seed: 0))
  }
  print(" penalty", law.penalty, "r2", law.validation?.rSquared ?? .nan)
  for size in [40, 500] {
    let (inputs, values) = try observations(folder + "/process\(size).csv")
    var options = GaussianProcess.Options()
    options.coordinates = .weights
    options.isAnisotropic = true
    let process = try timed("process\(size)", runs: 3) {
      try GaussianProcess.fit(
        Observations(points: inputs, scores: values, domains: inputs[0].count), options: options)
    }
    print(" likelihood", process.logLikelihood, "evaluations", process.evaluations)
  }
  let (inputs, values) = try observations(folder + "/trees.csv")
  var options = BoostedTrees.Options()
  (options.trees, options.rate, options.leaves, options.leastInLeaf) = (300, 0.05, 15, 8)
  let data = Observations(points: inputs, scores: values, domains: inputs[0].count)
  let trees = try timed("trees", runs: 5) { try BoostedTrees.fit(data, options: options) }
  let (probes, _) = try observations(folder + "/probes.csv")
  let predicted = probes.map { trees.value($0) }
  print(" sum", predicted.reduce(0, +))
  let q = inputs[0].count
  var stream = RandomStream(seed: 1, purpose: "bench")
  var flat: [Double] = []
  for _ in 0..<1_000_000 { flat += stream.dirichlet(count: q) }
  let sum = timed("trees_million", runs: 3) { trees.values(flat, width: q).reduce(0, +) }
  print(" mean", sum / 1e6)
}

@MainActor func optima() throws {
  for (count, capped) in [(5, false), (5, true), (12, false), (12, true), (20, false), (20, true)] {
    var stream = RandomStream(seed: 3, purpose: "optima", index: count)
    let b = (0..<count).map { _ in 0.4 + 0.05 * stream.normal() }
    let q = (0..<count).map { _ in (0..<count).map { _ in 0.2 * stream.normal() } }
    let function = try SimplexQuadratic(linear: b, quadratic: q)
    let bounds =
      capped
      ? try SimplexBounds(
        lower: [Double](repeating: 0.01, count: count),
        upper: [Double](repeating: 0.3, count: count)) : nil
    let best = try timed("optimum\(count)\(capped ? "_capped" : "")", runs: 3) {
      try function.maximum(bounds: bounds)
    }
    print(" value", best.value, "exact", best.exact, best.method)
  }
}

@MainActor func scoring() throws {
  let plan = try DesignKind.named("centroid").plan(.init(domains: ["a", "b", "c", "d", "e"]))
  let law = try Surrogate.fit(
    plan.mixtures.map { $0.weights[0] + $0.weights[1] * $0.weights[2] },
    on: SurrogateBasis(plan.mixtures, family: .quadratic))
  var stream = RandomStream(seed: 1, purpose: "bench")
  var block: [Double] = []
  for _ in 0..<100_000 { block += stream.dirichlet(count: 5) }
  let best = timed("score_10_million", runs: 3) {
    var best = -Double.infinity
    for _ in 0..<100 { best = max(best, law.values(block).max() ?? best) }
    return best
  }
  print(" best", best)
}

@MainActor func regmix(_ folder: String) throws {
  func table(_ name: String) throws -> MixtureTable {
    let table = try CSVTable(path: "\(folder)/\(name)_mixture_1m.csv")
    return try MixtureTable(table, columns: Array(table.header.dropFirst()))
  }
  let (train, test) = (try table("train"), try table("test"))
  let trainLosses = try CSVTable(path: folder + "/train_pile_loss_1m.csv")
  let testLosses = try CSVTable(path: folder + "/test_pile_loss_1m.csv")
  let points = train.mixtures.map(\.weights)
  func meanRank(_ fit: (Observations) throws -> any FittedModel, _ runs: [Int]) throws -> Double {
    Statistics.mean(
      try trainLosses.header.dropFirst().map { target in
        let scores = try trainLosses.numbers(target)
        let model = try fit(
          Observations(
            points: runs.map { points[$0] }, scores: runs.map { scores[$0] }, domains: 17))
        return try Statistics.spearman(
          try testLosses.numbers(target), test.mixtures.map { model.value($0.weights) })
      })
  }
  func report(_ name: String, _ fit: (Observations) throws -> any FittedModel, _ runs: [Int]) throws
  {
    let start = cpu()
    let ranks = try trainLosses.header.dropFirst().map { target in
      let scores = try trainLosses.numbers(target)
      let model = try fit(
        Observations(points: runs.map { points[$0] }, scores: runs.map { scores[$0] }, domains: 17))
      return try Statistics.spearman(
        try testLosses.numbers(target), test.mixtures.map { model.value($0.weights) })
    }
    print(
      name, "mean", Statistics.mean(ranks), "least", ranks.min() ?? .nan, "CPU s", cpu() - start)
  }
  try report("boosted trees", { try BoostedTrees.fit($0) }, Array(0..<512))
  for count in [24, 48, 96] {
    for prior in [false, true] {
      var sum = 0.0
      let chunks = min(512 / count, 12)
      for chunk in 0..<chunks {
        var options = GaussianProcess.Options()
        options.hasPrior = prior
        sum += try meanRank(
          { try GaussianProcess.fit($0, options: options) },
          Array(chunk * count..<(chunk + 1) * count))
      }
      print(
        "Gaussian process on \(count) runs: mean over \(chunks) sets", sum / Double(chunks), prior)
    }
  }
}

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "regmix" {
  try regmix(arguments[2])
} else if arguments.count == 2 {
  try peers(arguments[1])
  try optima()
  try scoring()
} else {
  try optima()
  try scoring()
}
