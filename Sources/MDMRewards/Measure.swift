import MDMDeclarations
import MDMJSON

/// A reward as a plain function of a prediction and a reference, and of settings after them.
///
/// It judges an answer, not a completion: tags and thinking are gone before. Scores are finite, lie
/// in `range` and depend on the arguments only.
public protocol Measure: Sendable {
  /// Its name in scripts.
  var function: String { get }
  /// One sentence on what it gives.
  var summary: String { get }
  /// Further paragraphs, with an empty line between them.
  var details: String { get }
  /// The prediction, the reference, then settings with defaults in JSON.
  var parameters: [ParameterDeclaration] { get }
  var range: ClosedRange<Double> { get }
  /// Calls with what they print; tests hold them.
  var examples: [CallExample] { get }
  /// The paper, section or program that it follows.
  var source: String? { get }

  /// The score of arguments that are as many as `parameters`.
  func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double
}

/// A call of a function with what it prints.
public typealias CallExample = MDMDeclarations.Example

extension Measure {
  public var details: String { "" }
  public var range: ClosedRange<Double> { 0...1 }
  public var source: String? { nil }
}

/// Why a measure cannot judge: an argument that the caller has to change, never a bad prediction.
public struct MeasureError: Error, Sendable, Equatable {
  /// The position of the argument.
  public let argument: Int
  public let message: String
  public let hint: String?

  public init(_ argument: Int, _ message: String, hint: String? = nil) {
    self.argument = argument
    self.message = message
    self.hint = hint
  }
}

/// The arguments of a measure, one for each of its parameters.
public struct MeasureArguments: Sendable {
  public let values: [JSONNode]

  public init(_ values: [JSONNode]) { self.values = values }

  public subscript(_ index: Int) -> JSONNode { values[index] }

  func text(_ index: Int) throws(MeasureError) -> String {
    guard case .string(let text) = values[index] else {
      throw MeasureError(index, "a text is needed here, not \(values[index].kind)")
    }
    return text
  }

  /// A finite number in a range.
  func number(
    _ index: Int,
    in range: ClosedRange<Double> = -.greatestFiniteMagnitude...(.greatestFiniteMagnitude)
  ) throws(MeasureError) -> Double {
    guard let number = values[index].number, number.isFinite, range.contains(number) else {
      let bounds =
        range.lowerBound == -.greatestFiniteMagnitude
        ? "finite"
        : range.upperBound == .greatestFiniteMagnitude
          ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw MeasureError(index, "a number is needed here that is \(bounds)")
    }
    return number
  }

  func bool(_ index: Int) throws(MeasureError) -> Bool {
    guard case .bool(let value) = values[index] else {
      throw MeasureError(index, "true or false is needed here, not \(values[index].kind)")
    }
    return value
  }

  /// One text or a list of texts.
  func texts(_ index: Int) throws(MeasureError) -> [String] {
    switch values[index] {
    case .string(let text): return [text]
    case .array(let items) where !items.isEmpty:
      var texts: [String] = []
      for item in items {
        guard case .string(let text) = item else {
          throw MeasureError(index, "a list of texts is needed here, but it holds \(item.kind)")
        }
        texts.append(text)
      }
      return texts
    default: throw MeasureError(index, "a text or a list of texts is needed here")
    }
  }

  /// One of some words.
  func word(_ index: Int, of words: [String]) throws(MeasureError) -> String {
    let word = try text(index)
    guard words.contains(word) else {
      throw MeasureError(
        index,
        "\"\(word.prefix(40))\" is not one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    return word
  }
}
