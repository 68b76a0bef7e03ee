/// Permutation tests that count instead of drawing wherever that is feasible.
///
/// An interrupt ends the drawing early: what is given then is to be thrown away.
///
/// Two-sided; ties count as extreme, with a hair of tolerance because sums in another order round
/// differently.
public enum Permutation {
  /// Up to so many pairs all sign changes are counted.
  public static let exactPairs = 40
  /// Up to so many splits of two samples are all tried.
  public static let exactSplits = 2_000_000

  /// The sign-flip test that paired differences have mean 0.
  ///
  /// Numerics: exact up to 40 pairs: the sums of both halves' sign changes are listed in order and
  /// the far pairs counted from both ends, 2^(n/2) instead of 2^n. Beyond, `resamples` draws with the add-one
  /// rule of Phipson and Smyth 2010.
  public static func paired(
    _ differences: [Double], resamples: Int = 10_000, stream: inout RandomStream,
    interrupted: () -> Bool = { false }
  ) throws(NumericsError) -> Inference.Test {
    try check(differences, 1, resamples)
    let n = differences.count
    let scale = differences.reduce(0) { $0 + abs($1) }
    let limit = abs(differences.reduce(0, +)) - 1e-12 * scale
    let mean = Statistics.mean(differences)
    if n <= exactPairs {
      let left = signedSums(differences[..<(n / 2)])
      let right = signedSums(differences[(n / 2)...])
      // For a rising sum on the left both partners' borders on the right fall.
      var above = right.count
      var below = right.count
      var hits = 0
      for sum in left {
        while above > 0, sum + right[above - 1] >= limit { above -= 1 }
        while below > 0, sum + right[below - 1] > -limit { below -= 1 }
        hits += limit > 0 ? right.count - above + below : right.count
      }
      let all = Double(left.count) * Double(right.count)
      return Inference.Test(statistic: mean, pValue: Double(hits) / all, count: n)
    }
    var hits = 1
    let poll = max(1, 500_000 / n)
    for draw in 0..<resamples {
      if draw % poll == 0, interrupted() { break }
      var sum = 0.0
      for difference in differences {
        sum += stream.next32() & 1 == 0 ? difference : -difference
      }
      if abs(sum) >= limit { hits += 1 }
    }
    return Inference.Test(
      statistic: mean, pValue: Double(hits) / Double(resamples + 1), count: n)
  }

  /// The test that two independent samples have one mean, over the splits of their pool.
  public static func independent(
    _ left: [Double], _ right: [Double], resamples: Int = 10_000, stream: inout RandomStream,
    interrupted: () -> Bool = { false }
  ) throws(NumericsError) -> Inference.Test {
    try check(left, 1, resamples)
    try check(right, 1, resamples)
    var pool = left + right
    let (n, k) = (pool.count, left.count)
    let total = pool.reduce(0, +)
    let observed = left.reduce(0, +)
    // |mean of the one - mean of the other| is a rising function of the distance of the sum from
    // what the pool's mean would make it.
    let center = total * Double(k) / Double(n)
    let limit = abs(observed - center) - 1e-12 * pool.reduce(0) { $0 + abs($1) }
    let statistic = Statistics.mean(left) - Statistics.mean(right)
    var splits = 1.0
    for i in 0..<min(k, n - k) { splits *= Double(n - i) / Double(i + 1) }
    if splits <= Double(exactSplits) {
      var chosen = Array(0..<k)
      var hits = 0
      var tried = 0
      while true {
        tried += 1
        if abs(chosen.reduce(0) { $0 + pool[$1] } - center) >= limit { hits += 1 }
        guard let place = chosen.indices.last(where: { chosen[$0] < n - k + $0 }) else { break }
        chosen[place] += 1
        for later in (place + 1)..<max(k, place + 1) { chosen[later] = chosen[later - 1] + 1 }
      }
      return Inference.Test(
        statistic: statistic, pValue: Double(hits) / Double(tried), count: n)
    }
    var hits = 1
    let poll = max(1, 500_000 / n)
    for draw in 0..<resamples {
      if draw % poll == 0, interrupted() { break }
      var sum = 0.0
      for i in 0..<k {  // the beginning of a Fisher-Yates shuffle
        pool.swapAt(i, i + stream.integer(below: n - i))
        sum += pool[i]
      }
      if abs(sum - center) >= limit { hits += 1 }
    }
    return Inference.Test(
      statistic: statistic, pValue: Double(hits) / Double(resamples + 1), count: n)
  }

  /// The sums of all sign changes in rising order: two rising lists are merged for each value.
  private static func signedSums(_ values: ArraySlice<Double>) -> [Double] {
    var sums = [0.0]
    for value in values {
      let step = abs(value)
      var merged: [Double] = []
      merged.reserveCapacity(2 * sums.count)
      var (low, high) = (0, 0)
      while high < sums.count {
        if low < sums.count, sums[low] - step <= sums[high] + step {
          merged.append(sums[low] - step)
          low += 1
        } else {
          merged.append(sums[high] + step)
          high += 1
        }
      }
      sums = merged
    }
    return sums
  }

  private static func check(
    _ values: [Double], _ needed: Int, _ resamples: Int
  ) throws(NumericsError) {
    guard values.count >= needed else {
      throw .tooFew(what: "a permutation test", found: values.count, needed: needed)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "a permutation test", index: index)
    }
    guard resamples > 0 else {
      throw .outOfRange(what: "resamples", value: Double(resamples), allowed: "1 and above")
    }
  }
}
