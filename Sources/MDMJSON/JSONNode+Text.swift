extension JSONNode {
  /// The whole number of a number that is one; nil otherwise, and beyond 2^53 with a point.
  public var integer: Int? {
    if case .integer(let value) = self { return Int(value) }
    guard let value = number, value == value.rounded(), abs(value) <= 0x1p53 else { return nil }
    return Int(value)
  }

  /// A text as a JSON string with its quotes.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
