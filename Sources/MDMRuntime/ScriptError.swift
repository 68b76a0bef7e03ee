import MDMSyntax

/// What a script's run ends with when it fails.
public struct ScriptError: Error, Sendable {
  /// Why a run ended; interrupts and spent limits pass through `try`.
  public enum Kind: Sendable, Equatable {
    case error, assertion, interrupt, timeLimit, fuel, exit
    /// A budget is spent: its block ends, whatever stands in between.
    case budget(level: Int)
  }

  public var kind: Kind
  public var diagnostic: Diagnostic
  /// The position of the argument, in call order, that the error is about; resolved to a place
  /// where the call is known.
  var argument: Int?
  /// The parameter's name, where the argument may have been given by name.
  var argumentName: String?
  /// The part of a String argument that the error is about.
  var inner: InnerPlace?
  /// The callee found the error, the place is the call.
  var isAboutCaller = false
  /// The trace has been taken.
  var isTraced = false

  /// A stretch of a String argument, in bytes.
  struct InnerPlace: Sendable {
    let text: String
    let range: Range<Int>
  }

  public init(_ kind: Kind = .error, _ diagnostic: Diagnostic) {
    self.kind = kind
    self.diagnostic = diagnostic
  }

  /// An error whose place and trace the machine fills in.
  public init(_ code: String, _ message: String, hint: String? = nil) {
    self.init(.error, Diagnostic(code: code, message, hint: hint))
  }

  init(_ code: RuntimeCode, _ message: String, hint: String? = nil, argument: Int? = nil) {
    self.init(.error, Diagnostic(code: code.rawValue, message, hint: hint))
    self.argument = argument
  }

  /// A spent budget, which ends its block and not the run.
  var isBudget: Bool { if case .budget = kind { true } else { false } }

  /// `try` may catch it.
  var isCatchable: Bool { kind == .error || kind == .assertion }
}

/// The codes of run-time errors, for `mdm explain`.
public enum RuntimeCode: String, CaseIterable, Sendable {
  case raised = "E0400"
  case operandType = "E0401"
  case overflow = "E0402"
  case divisionByZero = "E0403"
  case indexRange = "E0404"
  case missingField = "E0405"
  case argumentType = "E0406"
  case argumentCount = "E0407"
  case argumentName = "E0408"
  case notCallable = "E0409"
  case condition = "E0410"
  case recursion = "E0411"
  case memory = "E0412"
  case frozen = "E0413"
  case noMatch = "E0414"
  case destructuring = "E0415"
  case notIterable = "E0416"
  case unsetName = "E0417"
  case keyType = "E0418"
  case format = "E0419"
  case value = "E0420"
  case module = "E0421"
  case parameter = "E0422"
  case limit = "E0423"
  case pattern = "E0430"
  case json = "E0431"
  case assertion = "E0450"
  case example = "E0451"
  case interrupt = "E0460"
  case timeLimit = "E0461"
  case budget = "W0462"
  case fuel = "E0463"

  /// What the code means, in two or three sentences.
  public var explanation: String {
    switch self {
    case .raised: "The script itself raised this with error(…)."
    case .operandType:
      "An operator got values of types it is not defined for. Nothing is converted silently: use "
        + "int(x), float(x) or str(x)."
    case .overflow:
      "An Int is a 64-bit number and its arithmetic never wraps. Use float(x) for larger magnitudes."
    case .divisionByZero:
      "Dividing an Int by zero is an error; a Float divided by zero gives inf or nan."
    case .indexRange:
      "An index counts from 0, or from -1 backwards, and has to lie inside the collection."
    case .missingField:
      "The value has no field of that name. r.get(\"name\", default) and r.name ?? default forgive "
        + "a missing field."
    case .argumentType: "An argument has another type than its parameter's annotation."
    case .argumentCount: "A call gives too few or too many arguments."
    case .argumentName: "A call names a parameter that does not exist, or gives one twice."
    case .notCallable: "Only functions can be called."
    case .condition:
      "A condition is true or false; other values have to be compared with something."
    case .recursion: "Calls are nested too deeply, usually because a recursion has no end."
    case .memory: "The values of the script need more memory than its limit."
    case .frozen: "A frozen value cannot be changed; copy(x) gives a changeable one."
    case .noMatch: "No arm of a match accepts the value; an arm `_ -> …` accepts everything."
    case .destructuring: "The value does not have the form of the pattern on the left side."
    case .notIterable: "for and spreads take lists, records, ranges and strings."
    case .unsetName: "A variable was used before its let or var had run."
    case .keyType: "The keys of a record are String, Int or Bool."
    case .format:
      "The text after the colon in f\"{x:…}\" is not a format or does not fit the value."
    case .value: "A function got a value that it is not defined for."
    case .module: "A module could not be found, or modules use each other in a circle."
    case .parameter: "A value given for a param from outside does not fit its type."
    case .limit: "A function is too large for the machine, or a value nests too deeply."
    case .pattern:
      "The text is not a pattern of RE2's syntax. Matching takes linear time whatever the text, which "
        + "leaves out backreferences and lookaround."
    case .json:
      "A text is not JSON, or a value has no form in JSON: there are null, true, false, numbers, texts, "
        + "lists and records, and neither nan nor inf."
    case .assertion: "An assert did not hold."
    case .example:
      "An example of a doc comment prints, its last value included, something else than the comment at "
        + "its end says. mdm test runs the examples: the lines that are indented by four spaces."
    case .interrupt: "The run was interrupted."
    case .timeLimit: "The run used up its time limit."
    case .fuel:
      "The run took more turns of loops and calls than it was allowed; unlike a time limit that is the same on any "
        + "machine. `mdm serve --fuel` sets how many a reward may take for one completion."
    case .budget:
      "The steps or the time of a budget are over. A training run that was under way gives what it "
        + "has and the block goes on with it; anything else ends the block, which then gives none."
    }
  }
}
