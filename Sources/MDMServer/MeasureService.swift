import MDMDeclarations
import MDMJSON
import MDMRewards

/// Scores items by the built-in rewards, on any thread.
struct MeasureService: Sendable {
  let measure: any Measure
  private let defaults: [JSONNode?]

  /// - Throws: `ServiceFault` where a setting is none of the reward's.
  init(_ measure: any Measure, settings: [JSONNode.Member]) throws(ServiceFault) {
    self.measure = measure
    var values = measure.parameters.map { parameter in
      parameter.defaultText.flatMap { try? JSONNode(parsing: Array($0.utf8)) }
    }
    for setting in settings {
      guard let index = measure.parameters.firstIndex(where: { $0.name == setting.name }),
        measure.parameters[index].defaultText != nil
      else {
        let names = measure.parameters.filter { $0.defaultText != nil }.map(\.name)
        throw ServiceFault(
          400,
          "\(measure.function) has no setting `\(setting.name.prefix(40))`"
            + (names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))"))
      }
      values[index] = setting.value
    }
    defaults = values
  }

  func score(_ item: JSONNode) -> ItemScore {
    var values = defaults
    if let members = item.members {
      for member in members {
        guard let index = measure.parameters.firstIndex(where: { $0.name == member.name }) else {
          return .failure("\(measure.function) takes no `\(member.name.prefix(40))`")
        }
        values[index] = member.value
      }
    } else if let elements = item.elements {
      guard elements.count <= values.count else {
        return .failure("\(measure.function) takes at most \(values.count) values")
      }
      for (index, element) in elements.enumerated() { values[index] = element }
    } else {
      return .failure("an item is an object of arguments by name, or a list of them")
    }
    var complete: [JSONNode] = []
    for (value, parameter) in zip(values, measure.parameters) {
      guard let value else { return .failure("`\(parameter.name)` is missing") }
      complete.append(value)
    }
    do throws(MeasureError) {
      return .score(try measure.score(MeasureArguments(complete)))
    } catch {
      return .failure("`\(measure.parameters[error.argument].name)`: \(error.message)")
    }
  }
}
