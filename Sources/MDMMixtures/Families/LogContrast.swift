extension ModelFamily {
  /// Linear in the logarithms of ratios of weights; weights of 0 are moved up by a shift.
  ///
  /// The terms are pivot (ilr) coordinates, so that a ridge penalty treats all domains alike:
  /// z_i = sqrt((q-i)/(q-i+1)) ln(w_i / (prod_{j>i} w_j)^(1/(q-i))).
  public static let logContrast = ModelFamily(
    name: "log_contrast",
    summary: "linear in logarithms of ratios; a weight w counts as (w + .002)/(1 + .002 q)",
    formula: "y = b + sum_i b_i ln w_i, sum_i b_i = 0",
    source: "Aitchison and Bacon-Shone, \"Log contrast models\", Biometrika 1984; Egozcue 2003"
  ) { count in
    [ModelTerm()]
      + (0..<max(count - 1, 0)).map { i in
        let rest = Double(count - 1 - i)
        let scale = (rest / (rest + 1)).squareRoot()
        let coefficients = (0..<count).map { j in j < i ? 0 : j == i ? scale : -scale / rest }
        return ModelTerm(.logContrast(coefficients, shift: 0.002), [])
      }
  }
}
