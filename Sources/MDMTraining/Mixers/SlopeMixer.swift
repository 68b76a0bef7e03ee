extension Mixer {
  /// Prefers domains whose reward moves, up or down: score = |slope of the reward by its steps|.
  public static let slope = Mixer(
    name: "slope", summary: "Prefers domains whose reward moves, up or down.",
    source: "Teacher-Student Curriculum Learning, arXiv 1707.00183", temperature: 0.01
  ) { domains in
    domains.map { domain in
      let count = Double(domain.rewards.count)
      guard count > 2 else { return 0 }
      let center = (count - 1) / 2
      let mean = domain.rewards.reduce(0, +) / count
      var (products, squares) = (0.0, 0.0)
      for (place, reward) in domain.rewards.enumerated() {
        products += (Double(place) - center) * (reward - mean)
        squares += (Double(place) - center) * (Double(place) - center)
      }
      return abs(products / squares)
    }
  }
}
