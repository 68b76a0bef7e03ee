import Glibc

/// A complex number with a bound of the error that rounding has made.
struct Ball {
  var re: Double
  var im: Double = 0
  var error: Double

  var size: Double { im == 0 ? abs(re) : hypot(re, im) }
  var isReal: Bool { abs(im) <= error }
  var isFinite: Bool { re.isFinite && im.isFinite && error.isFinite }

  init(_ re: Double, _ im: Double = 0, error: Double = 0) {
    self.re = re
    self.im = im
    self.error = error
  }

  /// The result of a function with so many units of rounding in it.
  func rounded(_ units: Double = 4) -> Ball {
    Ball(re, im, error: error + units * 1.2e-16 * size)
  }
}

/// A point where letters have real values; results carry error bounds.
struct NumericField: MathField {
  let round: UInt64

  func number(_ value: Fraction) -> Ball? {
    let double = value.double
    return double.isFinite ? Ball(double, error: 1.2e-16 * abs(double)) : nil
  }

  /// The first rounds take positive values, where roots and logarithms are real; later ones both.
  func symbol(_ name: String) -> Ball? {
    let share = Double(PrimeField.hash(name, 7 &+ round)) / Double(PrimeField.prime)
    let value = 0.3 + 2 * share
    return Ball(round >= 2 && PrimeField.hash(name, 1_000 + round) % 2 == 0 ? -value : value)
  }

  func constant(_ constant: MathExpression.Constant) -> Ball? {
    switch constant {
    case .pi: Ball(.pi, error: 1.3e-16)
    case .e: Ball(exp(1.0), error: 2.5e-16)
    case .i: Ball(0, 1)
    case .infinity: nil
    }
  }

  func add(_ a: Ball, _ b: Ball) -> Ball? {
    finite(Ball(a.re + b.re, a.im + b.im, error: a.error + b.error).rounded(1))
  }

  func multiply(_ a: Ball, _ b: Ball) -> Ball? {
    let error = a.size * b.error + b.size * a.error + a.error * b.error
    if a.im == 0 && b.im == 0 { return finite(Ball(a.re * b.re, error: error).rounded(1)) }
    return finite(
      Ball(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error: error).rounded())
  }

  func divide(_ a: Ball, _ b: Ball) -> Ball? {
    let size = b.size
    // A divisor that may be zero has no quotient.
    guard size > 2 * b.error, size > 0 else { return nil }
    let error = (a.error + a.size / size * b.error) / (size - b.error)
    if a.im == 0 && b.im == 0 { return finite(Ball(a.re / b.re, error: error).rounded(1)) }
    let square = size * size
    return finite(
      Ball(
        (a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square, error: error
      ).rounded(8))
  }

  func power(_ base: Ball, exact exponent: Fraction) -> Ball? {
    if let whole = exponent.int, whole.magnitude <= 64 {
      var result = Ball(1)
      for _ in 0..<whole.magnitude {
        guard let next = multiply(result, base) else { return nil }
        result = next
      }
      return whole < 0 ? divide(Ball(1), result) : result
    }
    return number(exponent).flatMap { power(base, $0) }
  }

  func power(_ base: Ball, _ exponent: Ball) -> Ball? {
    if base.size <= base.error {
      return exponent.isReal && exponent.re > 0
        ? Ball(0, error: pow(base.error, min(exponent.re, 1))) : nil
    }
    guard let logarithm = log(base), let product = multiply(logarithm, exponent) else { return nil }
    return exponential(product)
  }

  func root(_ base: Ball, _ degree: Int) -> Ball? {
    if base.size <= base.error { return Ball(0, error: pow(base.error, 1 / Double(degree))) }
    if base.isReal, base.re < 0, degree % 2 == 1 {
      return power(Ball(-base.re, error: base.error), Ball(1 / Double(degree), error: 1.2e-16)).map
      {
        Ball(-$0.re, error: $0.error)
      }
    }
    if base.im == 0, base.re > 0, degree == 2 {
      let value = base.re.squareRoot()
      return finite(Ball(value, error: base.error / value).rounded(1))
    }
    return power(base, Ball(1 / Double(degree), error: 1.2e-16))
  }

  func function(
    _ name: String, _ arguments: [Ball], exact: [Fraction?], _ fuel: MathFuel
  ) -> Ball? {
    guard let x = arguments.first, fuel.spend(4) else { return nil }
    switch (name, arguments.count) {
    case ("abs", 1): return Ball(x.size, error: x.error).rounded()
    case ("Re", 1): return Ball(x.re, error: x.error)
    case ("Im", 1): return Ball(x.im, error: x.error)
    case ("exp", 1): return exponential(x)
    case ("ln", 1), ("log", 1): return log(x)
    case ("lg", 1): return log(x).flatMap { divide($0, Ball(Glibc.log(10), error: 4e-16)) }
    case ("sin", 1), ("cos", 1), ("tan", 1), ("sec", 1), ("csc", 1), ("cot", 1):
      return circular(name, x)
    case ("sinh", 1), ("cosh", 1), ("tanh", 1):
      guard let up = exponential(x), let down = exponential(Ball(-x.re, -x.im, error: x.error)),
        let minus = add(up, Ball(-down.re, -down.im, error: down.error)), let plus = add(up, down)
      else { return nil }
      switch name {
      case "sinh": return divide(minus, Ball(2))
      case "cosh": return divide(plus, Ball(2))
      default: return divide(minus, plus)
      }
    case ("arcsin", 1), ("arccos", 1):
      guard x.isReal, abs(x.re) <= 1 else { return nil }
      let slope = 1 / max((1 - x.re * x.re).squareRoot(), 1e-8)
      return Ball(name == "arcsin" ? asin(x.re) : acos(x.re), error: x.error * slope).rounded()
    case ("arctan", 1): return x.isReal ? Ball(atan(x.re), error: x.error).rounded() : nil
    case ("Gamma", 1), ("factorial", 1):
      guard x.isReal else { return nil }
      let value = tgamma(name == "Gamma" ? x.re : x.re + 1)
      return finite(Ball(value, error: x.error * 10 * abs(value)).rounded(50))
    case ("floor", 1), ("ceil", 1):
      guard x.isReal, abs(x.re - x.re.rounded()) > x.error || x.error == 0 else { return nil }
      return Ball(name == "floor" ? Glibc.floor(x.re) : Glibc.ceil(x.re))
    case ("max", _): return arguments.allSatisfy(\.isReal) ? arguments.max { $0.re < $1.re } : nil
    case ("min", _): return arguments.allSatisfy(\.isReal) ? arguments.min { $0.re < $1.re } : nil
    default: return nil
    }
  }

  private func finite(_ ball: Ball) -> Ball? { ball.isFinite ? ball : nil }

  private func exponential(_ x: Ball) -> Ball? {
    let scale = exp(x.re)
    let growth = x.error < 1 ? x.error * 1.8 : .infinity
    if x.im == 0 { return finite(Ball(scale, error: scale * growth).rounded()) }
    return finite(Ball(scale * cos(x.im), scale * sin(x.im), error: scale * growth).rounded(8))
  }

  private func log(_ x: Ball) -> Ball? {
    let size = x.size
    guard size > 2 * x.error, size > 0 else { return nil }
    let error = x.error / (size - x.error) + 1.2e-16
    if x.im == 0 && x.re > 0 { return finite(Ball(Glibc.log(size), error: error).rounded()) }
    return finite(Ball(Glibc.log(size), atan2(x.im, x.re), error: error).rounded())
  }

  private func circular(_ name: String, _ x: Ball) -> Ball? {
    let sine: Ball
    let cosine: Ball
    if x.isReal {
      sine = Ball(sin(x.re), error: x.error + 2e-16)
      cosine = Ball(cos(x.re), error: x.error + 2e-16)
    } else {
      let spread = x.error * cosh(x.im)
      sine = Ball(sin(x.re) * cosh(x.im), cos(x.re) * sinh(x.im), error: spread).rounded(8)
      cosine = Ball(cos(x.re) * cosh(x.im), -sin(x.re) * sinh(x.im), error: spread).rounded(8)
    }
    switch name {
    case "sin": return finite(sine)
    case "cos": return finite(cosine)
    case "tan": return divide(sine, cosine)
    case "cot": return divide(cosine, sine)
    case "sec": return divide(Ball(1), cosine)
    default: return divide(Ball(1), sine)
    }
  }
}
