/// Reads one published layout.
public protocol DatasetLoader: Sendable {
  /// How scripts call the layout; also the domain of its examples.
  var name: String { get }
  /// One sentence on what is asked and which files are read.
  var summary: String { get }
  /// What the publishers say.
  var provenance: DatasetProvenance { get }
  /// The paper or page that describes the layout.
  var source: String { get }
  /// The datasets of the files.
  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset]
}

extension DatasetLoader {
  /// Reads the files of some splits into a training set and a test set.
  ///
  /// - Parameters:
  ///   - train: The names of the splits to train on.
  ///   - test: The names of the splits to score on.
  ///   - limit: The most training examples; later ones are left out.
  ///   - accepts: Whether a file is one of the layout's; nil for those of the first kind that there
  ///     is, Parquet before others.
  ///   - read: Makes an example of a row, or leaves it out.
  func tables(
    _ source: LoadSource, train: Set<String>, test: Set<String>, limit: Int = .max,
    where accepts: ((DataFile) -> Bool)? = nil,
    _ read: (Row, inout ExampleList) throws(DataError) -> Void
  ) throws(DataError) -> [Dataset] {
    var lists: [Split: ExampleList] = [:]
    let all = try DataFile.all(source.path)
    let files = accepts.map { all.filter($0) } ?? DataFile.usual(all)
    guard !files.isEmpty else {
      throw .badFile(
        file: source.path, reason: "has no table of the layout `\(name)`", hint: summary)
    }
    // A file whose name tells no split is what its layout is made for.
    let usual: Split = train.isEmpty ? .test : .train
    for file in files {
      let split: Split? =
        file.split.map { train.contains($0) ? .train : test.contains($0) ? .test : nil } ?? usual
      guard let split else { continue }
      var list = lists[split] ?? ExampleList(name, split)
      let limit = split == .train ? limit : .max
      if list.examples.count >= limit { continue }
      try file.rows(source.pages) { row throws(DataError) in
        if source.interrupted() { throw .interrupted }
        if list.examples.count < limit { try read(row, &list) }
      }
      lists[split] = list
    }
    return try gathered([Split.train, .test, .warmup].compactMap { lists[$0] }, source)
  }

  func gathered(_ lists: [ExampleList], _ source: LoadSource) throws(DataError) -> [Dataset] {
    let full = lists.filter { !$0.examples.isEmpty }
    guard !full.isEmpty else {
      throw .badFile(
        file: source.path, reason: "holds no examples of the layout `\(name)`", hint: summary)
    }
    return full.map { $0.dataset(summary, provenance) }
  }
}

/// All layouts; a new one is one more file and a line here.
public enum LoaderCatalogue {
  public static let all: [any DatasetLoader] = [
    ChartQALoader(), COCOLoader(), GeoQALoader(), ImageFolderLoader(), InfoVQALoader(),
    LISALoader(), MathVistaLoader(), MMMULoader(), SATLoader(), ScienceQALoader(), TableLoader(),
    VisualRFTLoader(),
  ]

  public static func named(_ name: String) -> (any DatasetLoader)? {
    all.first { $0.name == name }
  }
}
