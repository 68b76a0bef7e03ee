/// Where a dataset comes from, as its publishers say.
public struct DatasetProvenance: Sendable, Equatable {
  /// Such as `CC BY-NC-SA 4.0`; empty where nothing is said.
  public var licence = ""
  /// How its publishers want to be cited.
  public var citation = ""
  /// The files or the address that it was read from.
  public var source = ""

  public init(licence: String = "", citation: String = "", source: String = "") {
    self.licence = licence
    self.citation = citation
    self.source = source
  }
}
