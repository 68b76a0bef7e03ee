/// What the checker knows of one block.
struct CheckerScope {
  enum Kind {
    case constant, variable, function, module
    /// Of a function or loop.
    case parameter
  }

  struct Entry {
    var kind: Kind
    var span: Span
    /// What calls of it may give, where that is known.
    var signature: CallSignature?
    /// Of a module with known members.
    var module: String?
    var isUsed = false
    /// Whether unused ones are worth a warning.
    var isLocal = false
    /// Whether its declaration binds nothing else.
    var isAlone = false
    /// Its place in the symbol index, where one is made.
    var symbol: Int?
  }

  var names: [String: Entry] = [:]
  /// Where the block will declare names further below, for the message of E0302.
  var later: [String: Span] = [:]
}

/// The parameters of a function, as far as calls are checked against them.
struct CallSignature {
  struct Parameter {
    let name: String
    let isRequired: Bool
    let isRest: Bool
  }

  let name: String
  let parameters: [Parameter]
  /// The call as help shows it.
  let usage: String
}
