/// The grammar of what follows the colon in `f"{value:…}"`.
///
/// `[[fill]align][sign][0][width][,][.precision][type]`, as in Python, with `k` for thousands,
/// millions and billions.
public enum FormatSpecification {
  /// Whether the text follows the grammar.
  public static func isValid(_ text: String) -> Bool {
    var rest = Array(text)[...]
    let aligns: Set<Character> = ["<", ">", "^"]
    if rest.count >= 2, aligns.contains(rest[rest.startIndex + 1]) {
      rest = rest.dropFirst(2)
    } else if let first = rest.first, aligns.contains(first) {
      rest = rest.dropFirst()
    }
    if let first = rest.first, first == "+" || first == "-" || first == " " {
      rest = rest.dropFirst()
    }
    let width = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(width.count)
    if rest.first == "," || rest.first == "_" { rest = rest.dropFirst() }
    var precision = 0
    if rest.first == "." {
      rest = rest.dropFirst()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      if digits.isEmpty { return false }
      precision = digits.count
      rest = rest.dropFirst(digits.count)
    }
    if let type = rest.first, "bcdeEfFgGosxXk%".contains(type) { rest = rest.dropFirst() }
    return rest.isEmpty && width.count <= 4 && precision <= 3
  }
}
