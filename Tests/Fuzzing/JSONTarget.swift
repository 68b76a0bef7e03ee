import Foundation
import MDMJSON

/// Any bytes are read or refused with a place; what Foundation refuses is refused.
public struct JSONTarget: FuzzTarget {
  public static let name = "json"
  private let mutator: Mutator

  public init(root: String) {
    let files = Corpus.files(["stdlib", "docs", "editors"], endings: [".json"], below: root)
    mutator = Mutator(
      corpus: files.map { String($0.prefix(4000)) } + Corpus.json,
      words: [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "null",
        "true", "false", "NaN", "Infinity", "-", "+", "0", "00", "1.", ".5", "1e", "1e999",
        "1e-999", "-0", "9007199254740993", "//", "/**/", "'", "\u{0}", "\u{7f}", "\u{2028}",
        "\u{feff}",
      ])
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    var bytes = Array(mutator.text(&random).utf8)
    if random.oneIn(5), !bytes.isEmpty {
      bytes[random.next(bytes.count)] = UInt8(128 + random.next(128))
    }
    return bytes
  }

  public func run(_ input: [UInt8]) throws {
    do throws(JSONError) {
      _ = try JSONNode(parsing: input)
    } catch {
      try BrokenLaw.unless(error.line >= 1 && error.column >= 1, "a fault at \(error)")
      return
    }
    do {
      _ = try JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    } catch {
      throw BrokenLaw("Foundation refuses what is read here: \(error)")
    }
  }
}
