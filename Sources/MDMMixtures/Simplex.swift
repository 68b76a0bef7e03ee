import MDMNumerics

/// Points of the simplex {w >= 0, sum w = 1}.
public enum Simplex {
  /// The most points that a list of this module may have.
  public static let limit = 2_000_000

  /// All points whose weights are multiples of 1/`degree`: the {q, m} simplex-lattice.
  ///
  /// - Returns: C(q + m - 1, m) points, the first vertex first.
  /// - Throws: `MixtureError.badCount` and `MixtureError.tooLarge`.
  ///
  /// Source: Scheffe 1958; NIST/SEMATECH e-Handbook 5.5.4.2.
  public static func lattice(_ count: Int, degree: Int) throws(MixtureError) -> [[Double]] {
    guard count > 0 else { throw .noDomains }
    guard degree > 0 else {
      throw .badCount(what: "a lattice's degree", count: degree, allowed: "1 and above")
    }
    let size = latticeSize(count, degree: degree)
    guard size <= limit else { throw .tooLarge(what: "the lattice", size: size, limit: limit) }
    var result: [[Double]] = []
    result.reserveCapacity(size)
    var parts = [Int](repeating: 0, count: count)
    func place(_ index: Int, _ left: Int) {
      if index == count - 1 {
        parts[index] = left
        result.append(parts.map { Double($0) / Double(degree) })
        return
      }
      for share in stride(from: left, through: 0, by: -1) {
        parts[index] = share
        place(index + 1, left - share)
      }
    }
    place(0, degree)
    return result
  }

  /// C(q + m - 1, m), the size of a lattice; `Int.max` where it does not fit.
  public static func latticeSize(_ count: Int, degree: Int) -> Int {
    var size = 1
    for i in 1...max(degree, 1) {
      let (product, overflow) = size.multipliedReportingOverflow(by: count - 1 + i)
      if overflow { return Int.max }
      size = product / i
    }
    return size
  }

  /// The equal blends of every non-empty subset: the 2^q - 1 points of the simplex-centroid
  /// design, vertices first.
  ///
  /// - Parameter parts: The largest subset; all by default.
  ///
  /// Source: Scheffe 1963; NIST/SEMATECH e-Handbook 5.5.4.3.
  public static func centroids(
    _ count: Int, parts: Int? = nil
  ) throws(MixtureError) -> [[Double]] {
    guard count > 0 else { throw .noDomains }
    let most = min(parts ?? count, count)
    var size = 0
    for k in 1...max(most, 1) {
      let more = latticeSize(count - k + 1, degree: k)  // C(count, k)
      size = more > limit ? limit + 1 : size + more
      guard size <= limit else { throw .tooLarge(what: "the design", size: size, limit: limit) }
    }
    var result: [[Double]] = []
    for k in 1...max(most, 1) {
      var members = Array(0..<k)
      while true {
        var point = [Double](repeating: 0, count: count)
        for member in members { point[member] = 1 / Double(k) }
        result.append(point)
        guard let place = members.indices.last(where: { members[$0] < count - k + $0 }) else {
          break
        }
        members[place] += 1
        for next in (place + 1)..<max(k, place + 1) { members[next] = members[next - 1] + 1 }
      }
    }
    return result
  }

  /// The nearest point of the simplex in Euclidean distance.
  ///
  /// Source: Duchi et al., "Efficient projections onto the l1-ball", ICML 2008.
  public static func projection(_ point: [Double]) -> [Double] {
    var sum = 0.0
    var shift = 0.0
    for (index, value) in point.sorted(by: >).enumerated() {
      sum += value
      let candidate = (sum - 1) / Double(index + 1)
      if value > candidate { shift = candidate }
    }
    return point.map { max($0 - shift, 0) }
  }
}
