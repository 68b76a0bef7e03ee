import Glibc

extension Mixer {
  /// DUMP: domains whose advantages are large teach; those that were seldom drawn might.
  ///
  /// score = mean |A| + sqrt(2 ln(N + 1) / (n + 1)) of n prompts of N.
  public static let dump = Mixer(
    name: "dump", summary: "Prefers large advantages, and domains that were seldom drawn.",
    source: "DUMP, arXiv 2504.09710, an upper confidence bound", temperature: 0.5
  ) { domains in
    let all = domains.reduce(0) { $0 + $1.drawn }
    return domains.map { domain in
      let mean =
        domain.magnitudes.reduce(0, +) / Double(max(domain.magnitudes.count, 1))
      return mean + (2 * log(all + 1) / (domain.drawn + 1)).squareRoot()
    }
  }
}
