import MDMDeclarations
import MDMJSON

/// Pays for an answer that is JSON of an agreed shape.
public struct JSONSchemaReward: Measure {
  public let function = "json_schema"
  public let summary = "1 where an answer is JSON that a schema allows, strictly read."
  public let source: String? = "JSON Schema 2020-12, the keywords of its details"
  public let details = """
    Keywords: type, enum, const, properties, required, additionalProperties, minProperties, maxProperties, \
    items, prefixItems, minItems, maxItems, uniqueItems, minLength, maxLength, pattern (RE2), minimum, maximum, \
    exclusiveMinimum, exclusiveMaximum, multipleOf, allOf, anyOf, oneOf, not, $defs and $ref into the same \
    schema; title, description, default, examples, $schema and $id say nothing. Any other keyword is an error, so \
    that nothing is checked less than it seems.
    """
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.record, .string, .bool]), "A schema, or its JSON text."),
  ]
  public let examples = [
    CallExample(
      "json_schema(\"[1, 2]\", {type: \"array\", items: {type: \"integer\"}, maxItems: 2})",
      prints: "1.0"),
    CallExample("json_schema(\"[1, 2,]\", {type: \"array\"})", prints: "0.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    var root = arguments[1]
    if let text = root.text {
      do throws(JSONError) { root = try JSONNode(parsing: Array(text.utf8)) } catch {
        throw MeasureError(1, "the schema is no JSON: \(error)")
      }
    }
    let text = try arguments.text(0)
    var check = SchemaCheck(root: root)
    do throws(SchemaFault) {
      try check.validate(root)
      guard let value = try? JSONNode(parsing: Array(text.utf8)) else { return 0 }
      return try check.allows(value, root) ? 1 : 0
    } catch {
      throw MeasureError(1, error.reason, hint: error.hint)
    }
  }
}
