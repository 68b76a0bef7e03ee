/// A declaration of a script: what a name stands for.
public struct Declaration: Sendable {
  public enum Kind: Sendable {
    case constant, variable, function, reward
    /// `param name = …` of a script.
    case scriptParameter
    /// Of a function.
    case parameter
    case loopVariable
    /// What an arm of a `match` binds.
    case matchBinding
    /// The error of a `catch`.
    case caught
    /// `seed` inside `assert across seeds`; it is written nowhere.
    case seed
    /// A module under the name that a `use` gives it.
    case module
    /// A member of a module that a `use` binds.
    case importedMember
    case test
    /// A field of a record that is bound as it is written.
    case field
  }

  /// What a function's call takes, as its declaration writes it.
  public struct Parameter: Sendable {
    public let name: String
    /// With type and default: `steps: Int = 100`.
    public let text: String
    public let span: Span
    public let isRest: Bool
  }

  /// Where an imported name comes from.
  public struct Origin: Sendable {
    /// The module's name or path as `use` writes it.
    public let module: String
    public let isPath: Bool
    /// The imported member; nil for the module itself.
    public let member: String?
    public let moduleSpan: Span
  }

  /// Its place in `SymbolIndex.declarations`.
  public let id: Int
  public let name: String
  public let kind: Kind
  /// Where the name stands.
  public let span: Span
  /// The whole declaration.
  public let extent: Span
  /// The part of the declaration that tells what it is: of a function all before its body.
  public let header: Span
  /// The `##` lines above it, or the help of a `param`.
  public let documentation: String?
  public let isPublic: Bool
  /// The scope that it belongs to, in `SymbolIndex.scopes`.
  public let scope: Int
  /// The byte offset from which it can be used.
  public let visibleFrom: Int
  /// The declaration around it, if any.
  public internal(set) var container: Int?
  /// What its call takes; nil where it is no function that is known.
  public let parameters: [Parameter]?
  /// The type of its value, as far as it is plain to see.
  public let type: String?
  /// The type of what its call gives, as far as that is plain to see.
  public let result: String?
  public let origin: Origin?

  /// Whether its name is written at its place; of a `test` and of `seed` it is not.
  public var isNamed: Bool { kind != .test && kind != .seed }
}

/// A name that stands for something declared elsewhere.
public struct SymbolReference: Sendable {
  public indirect enum Target: Sendable, Hashable {
    /// A declaration of the same file, by its `id`.
    case declaration(Int)
    case builtIn(String)
    /// A member of the module that a declaration of the same file binds.
    case member(of: Int, String)
    /// A field or method of a value that is not known to have it; the type where it is plain to see.
    case field(String, ofType: String?)
    /// The name of an argument in a call of a function that is declared elsewhere.
    case argument(of: Target, String)
    case unknown(String)
  }

  public let span: Span
  public let target: Target
  /// Whether the name is given a value here.
  public let isWrite: Bool
}
