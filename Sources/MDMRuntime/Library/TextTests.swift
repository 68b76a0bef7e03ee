import MDMDeclarations

/// Questions about the characters of texts, letter case, and characters as numbers.
enum TextTests {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")

  static let all: [NativeFunction] = [
    every(
      "is_digit", "Whether the text is decimal digits only, and not empty.",
      Example("is_digit(\"042\")", prints: "true"), ascii: { ($0 &- 0x30) < 10 },
      { $0.properties.numericType == .decimal }),
    every(
      "is_alpha", "Whether the text is letters only, and not empty.",
      Example("is_alpha(\"añ\")", prints: "true"), ascii: { (($0 | 0x20) &- 0x61) < 26 },
      { $0.properties.isAlphabetic }),
    every(
      "is_alnum", "Whether the text is letters and decimal digits only, and not empty.",
      Example("is_alnum(\"x-1\")", prints: "false"),
      ascii: { (($0 | 0x20) &- 0x61) < 26 || ($0 &- 0x30) < 10 },
      { $0.properties.isAlphabetic || $0.properties.numericType == .decimal }),
    every(
      "is_space", "Whether the text is white space only, and not empty.",
      Example("is_space(\" \\n\")", prints: "true"), ascii: { $0 == 0x20 || ($0 &- 0x09) < 5 },
      { $0.properties.isWhitespace }),
    cased(
      "is_upper", "Whether the text has letters, and all of them are capitals.",
      Example("is_upper(\"B2\")", prints: "true"), wanted: { $0.isUppercase },
      refused: { $0.isLowercase }),
    cased(
      "is_lower", "Whether the text has letters, and all of them are small.",
      Example("is_lower(\"b2\")", prints: "true"), wanted: { $0.isLowercase },
      refused: { $0.isUppercase }),
    change(
      "upper", "The text in capitals.", Example("upper(\"aé\")", prints: "AÉ"), first: 0x61,
      { $0.uppercased() }),
    change(
      "lower", "The text in small letters.", Example("lower(\"AB\")", prints: "ab"), first: 0x41,
      { $0.lowercased() }),
    NativeFunction(
      FunctionSignature(
        "capitalize", [s], returns: .string, family: family,
        "The text with its first letter as a capital and the others small.",
        examples: [Example("capitalize(\"hELLO world\")", prints: "Hello world")]),
      form: .both([.string]), raw: { call in call.text(titled(try call.string(0), words: false)) }),
    NativeFunction(
      FunctionSignature(
        "title", [s], returns: .string, family: family,
        "The text with a capital at the start of every run of letters and the others small.",
        examples: [Example("title(\"a better mix\")", prints: "A Better Mix")]),
      form: .both([.string]), raw: { call in call.text(titled(try call.string(0), words: true)) }),
    NativeFunction(
      FunctionSignature(
        "ord", [ParameterDeclaration("s", .string, "One character.")], returns: .int,
        family: family, "The Unicode number of a character.",
        examples: [Example("ord(\"é\")", prints: "233")]), form: .both([.string]),
      raw: { call in
        guard call.value(0).string.length == 1 else {
          throw call.fail(
            .value, "`s` is one character, got \(call.machine.brief(call.value(0)))",
            hint: "map(list(text), ord) gives the numbers of all characters", argument: 0)
        }
        return Value(Int(TextBytes.scalar(call.bytes(0), 0).value.value))
      }),
    NativeFunction(
      FunctionSignature(
        "chr", [ParameterDeclaration("number", .int, "Up to 0x10ffff, and no surrogate.")],
        returns: .string, family: family, "The character of a Unicode number.",
        examples: [Example("chr(233)", prints: "é")]),
      raw: { call in
        guard let code = UInt32(exactly: call.value(0).int), let scalar = Unicode.Scalar(code)
        else {
          throw call.fail(
            .value, "\(call.value(0).int) is not the number of a character",
            hint: "numbers go from 0 to 0x10ffff, without 0xd800 to 0xdfff", argument: 0)
        }
        return call.text(String(scalar))
      }),
  ]

  private static func every(
    _ name: String, _ summary: String, _ example: Example,
    ascii: @escaping @Sendable (UInt8) -> Bool,
    _ test: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(name, [s], returns: .bool, family: family, summary, examples: [example]),
      form: .both([.string]),
      raw: { call in
        let bytes = call.bytes(0)
        var at = 0
        while at < bytes.count {
          if bytes[at] < 0x80 {
            if !ascii(bytes[at]) { return Value(false) }
            at += 1
          } else {
            let (scalar, length) = TextBytes.scalar(bytes, at)
            if !test(scalar) { return Value(false) }
            at += length
          }
        }
        return Value(!bytes.isEmpty)
      })
  }

  private static func cased(
    _ name: String, _ summary: String, _ example: Example,
    wanted: @escaping @Sendable (Unicode.Scalar.Properties) -> Bool,
    refused: @escaping @Sendable (Unicode.Scalar.Properties) -> Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(name, [s], returns: .bool, family: family, summary, examples: [example]),
      form: .both([.string]),
      raw: { call in
        var found = false
        let bytes = call.bytes(0)
        var at = 0
        while at < bytes.count {
          let (scalar, length) = TextBytes.scalar(bytes, at)
          if refused(scalar.properties) { return Value(false) }
          found = found || wanted(scalar.properties)
          at += length
        }
        return Value(found)
      })
  }

  /// Upper or lower case; ASCII letters from `first` on change bit 5.
  private static func change(
    _ name: String, _ summary: String, _ example: Example, first: UInt8,
    _ full: @escaping @Sendable (String) -> String
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [s], returns: .string, family: family, summary, examples: [example]),
      form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        guard string.isASCII else { return call.text(full(string.text)) }
        let made = call.heap.pointee.newString(byteCount: string.byteCount)
        let (from, to) = (string.bytes, made.bytes)
        for position in 0..<string.byteCount {
          let byte = from[position]
          to[position] = byte &- first < 26 ? byte ^ 0x20 : byte
        }
        return Value(made)
      })
  }

  private static func titled(_ text: String, words: Bool) -> String {
    var result = ""
    var isInside = false
    for scalar in text.unicodeScalars {
      let isLetter = scalar.properties.isAlphabetic
      result +=
        isLetter && !isInside
        ? scalar.properties.titlecaseMapping : scalar.properties.lowercaseMapping
      if words {
        // An apostrophe inside a word does not begin a new one.
        isInside = isLetter || isInside && (scalar == "'" || scalar == "\u{2019}")
      } else {
        isInside = true
      }
    }
    return result
  }
}
