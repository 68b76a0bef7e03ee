import MDMSyntax

/// An immutable value of the domain (a dataset, a policy, a plot) that scripts hold and pass around.
public protocol DomainValue: AnyObject, Sendable {
  /// The type's name as scripts see it, such as `Dataset`.
  var typeName: String { get }
  /// The text that printing shows, fitted to so many columns.
  func display(_ width: Int) -> String
  /// The text that stands for it inside of a list, a record or a table. Default: that of printing.
  var displayInside: String { get }
  /// A field's value; nil where there is none of that name.
  func field(_ name: String) -> Datum?
  /// The names that `field` knows, for completion and spelling hints.
  var fieldNames: [String] { get }
  /// What to do where another type or a field that it has not was expected. Default: nil.
  var hintWhereUnexpected: String? { get }
  /// What `==` answers.
  func isEqual(to other: any DomainValue) -> Bool

  /// What `len` answers; nil where the value has no elements. Default: nil.
  var count: Int? { get }
  /// The element at a position from 0 on, for `x[i]` and `for`; nil out of range. Default: nil.
  func element(at position: Int) -> Datum?
  /// The elements from a position on, up to another and by a step of at least 1, for `x[a..b]`; the
  /// positions lie within the count. Default: nil, which means that there are no slices.
  func slice(from start: Int, to end: Int, by step: Int) -> Datum?
  /// The value under a key, for `x["name"]` and `"name" in x`. Default: the field of that name.
  func element(named key: String) -> Datum?
  /// `self op other`, or `other op self` where `isLeft` is false; nil where it is not defined.
  /// Comparisons give a Bool; `-x` is asked as `0 - x`. Default: nil.
  func operate(_ operation: BinaryOperator, _ other: Datum, isLeft: Bool) throws -> Datum?
}

extension DomainValue {
  public var displayInside: String { display(60) }
  public var hintWhereUnexpected: String? { nil }
  public var count: Int? { nil }
  public func element(at position: Int) -> Datum? { nil }
  public func slice(from start: Int, to end: Int, by step: Int) -> Datum? { nil }
  public func element(named key: String) -> Datum? { field(key) }
  public func operate(
    _ operation: BinaryOperator, _ other: Datum, isLeft: Bool
  ) throws -> Datum? { nil }
}
