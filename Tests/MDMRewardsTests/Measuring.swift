import MDMJSON
import MDMRewards
import Testing

/// Calls a measure with arguments in JSON; what is left out has its default.
func measure(_ function: String, _ arguments: JSONNode..., named: [String: JSONNode] = [:]) throws
  -> Double
{
  let measure = try #require(RewardCatalogue.measure(function))
  var values: [JSONNode] = []
  for (index, parameter) in measure.parameters.enumerated() {
    if index < arguments.count {
      values.append(arguments[index])
    } else if let value = named[parameter.name] {
      values.append(value)
    } else {
      let text = try #require(parameter.defaultText)
      values.append(try JSONNode(parsing: Array(text.utf8)))
    }
  }
  return try measure.score(MeasureArguments(values))
}

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

func json(_ text: String) throws -> JSONNode { try JSONNode(parsing: Array(text.utf8)) }
