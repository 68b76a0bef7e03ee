import MDMJSON

/// What one request asks for: a reward and the items that it is to score.
struct ScoreRequest: Sendable {
  let reward: String
  let items: [JSONNode]
  /// Settings of a built-in reward, by name.
  let settings: [JSONNode.Member]

  /// Reads a body.
  ///
  /// - Throws: `ServiceFault` with the place of the first mistake.
  init(_ body: [UInt8], itemLimit: Int) throws(ServiceFault) {
    let node: JSONNode
    do throws(JSONError) { node = try JSONNode(parsing: body) } catch {
      throw ServiceFault(
        400, error.isEncoding ? "the body is not UTF-8: \(error)" : "the body is no JSON: \(error)")
    }
    guard let members = node.members else {
      throw ServiceFault(400, "the body is \(node.kind), not an object with `reward` and `items`")
    }
    let known = ["reward", "items", "settings"]
    if let odd = members.first(where: { !known.contains($0.name) }) {
      throw ServiceFault(
        400, "`\(odd.name.prefix(40))` is no part of a request: \(known.joined(separator: ", "))")
    }
    guard let reward = node["reward"]?.text else {
      throw ServiceFault(400, "`reward` has to name a reward; GET /v1/rewards lists them")
    }
    guard let items = node["items"]?.elements else {
      throw ServiceFault(400, "`items` has to be a list")
    }
    guard items.count <= itemLimit else {
      throw ServiceFault(413, "there are \(items.count) items; the limit is \(itemLimit)")
    }
    if let settings = node["settings"], settings.members == nil {
      throw ServiceFault(400, "`settings` has to be an object")
    }
    self.reward = reward
    self.items = items
    settings = node["settings"]?.members ?? []
  }
}

/// Why a request is refused, with its HTTP status.
struct ServiceFault: Error, Sendable {
  let status: Int
  let message: String

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// The score of one item, or why there is none.
enum ItemScore: Sendable {
  case score(Double)
  case failure(String)

  /// The body of a reply.
  static func reply(_ reward: String, _ scores: [ItemScore]) -> JSONNode {
    var values: [JSONNode] = []
    var errors: [JSONNode] = []
    for (index, score) in scores.enumerated() {
      switch score {
      case .score(let value): values.append(.number(value))
      case .failure(let message):
        values.append(.null)
        errors.append(
          .object([
            .init(name: "item", value: .integer(Int64(index))),
            .init(name: "message", value: .string(message)),
          ]))
      }
    }
    return .object([
      .init(name: "version", value: .integer(1)), .init(name: "reward", value: .string(reward)),
      .init(name: "scores", value: .array(values)), .init(name: "errors", value: .array(errors)),
    ])
  }
}
