/// Every word that the procedural suite, its prompts and its answer formats can contain.
public enum Vocabulary {
  /// The words, sorted by their bytes, each once.
  ///
  /// A policy's tokenizer adds its own special words (padding, end, image, unknown).
  public static let words: [String] = {
    var all = Set(MiniSuite.generators.flatMap(\.words))
    all.formUnion(PromptFormat.words)
    all.formUnion(AnswerFormat.words)
    all.formUnion(Example.letters(5))
    all.formUnion((0...9).map(String.init))
    return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }()
}
