import MDMData

/// Names that scripts write in strings, for completion.
public enum EmbeddedNames {
  /// What `load` knows without a folder.
  public static let suites = Suite.names

  /// The datasets of those suites, sorted; made on first use.
  public static let datasets: [String] = Suite.names.flatMap { name in
    (Suite.named(name)?.datasets ?? []).map(\.name)
  }.sorted()
}
