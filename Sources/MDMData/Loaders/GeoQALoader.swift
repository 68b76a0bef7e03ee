/// GeoQAV: the multiple choices among open-r1-multimodal's eight thousand verified problems.
struct GeoQALoader: DatasetLoader {
  let name = "geoqav"
  let summary =
    "open-r1-multimodal's math 8k parquet (image, problem, solution): those answered by a letter."
  let provenance = DatasetProvenance(
    licence: "",
    citation: "EvolvingLMMs-Lab, open-r1-multimodal 8k (of Math360K and Geo170K); "
      + "arXiv 2505.24871, section 2")
  let source = "huggingface.co/datasets/lmms-lab/multimodal-open-r1-8k-verified"

  func datasets(_ given: LoadSource) throws(DataError) -> [Dataset] {
    var source = given
    source.longestSide = given.longestSide ?? LISALoader.longestSide
    return try tables(source, train: ["train"], test: ["test", "validation"]) {
      row, list throws(DataError) in
      let problem = try row.text("problem", "original_question")
      let answer = VisualRFTLoader.inside(try row.text("solution", "original_answer"))
      guard let letter = Self.letter(answer), let parts = Self.choices(problem),
        Example.letters(parts.options.count).contains(letter)
      else { return }
      try list.add(
        row, id: nil, images: source.images(row, "image", "images"), question: parts.question,
        answers: [letter], options: parts.options)
    }
  }

  /// The letter of `B`, `(B)`, `B.`, `Answer: B` or `B: 120°`; nil where the answer is no choice.
  static func letter(_ answer: String) -> String? {
    var text = Substring(ExampleList.trimmed(answer))
    for head in ["The answer is", "Answer:", "answer:"] where text.hasPrefix(head) {
      text = text.dropFirst(head.count).drop { $0 == " " }
    }
    let rest = text.hasPrefix("(") ? text.dropFirst() : text
    guard let first = rest.first, ("A"..."H").contains(first) else { return nil }
    let next = rest.dropFirst().first
    return next == nil || next == "." || next == ")" || next == ":" ? String(first) : nil
  }

  /// The question and options of a problem whose lines end in `A. x`, `(A) x`, `A: x` or `A) x`.
  static func choices(_ problem: String) -> (question: String, options: [String])? {
    var options: [String] = []
    var question: [Substring] = []
    for line in problem.split(whereSeparator: \.isNewline) {
      let wanted = Example.letters(8)[min(options.count, 7)]
      if let option = option(line, wanted) {
        options.append(option)
      } else if options.isEmpty {
        question.append(line)
      } else {
        return nil
      }
    }
    if options.count < 2 { return nil }
    if let last = question.last, ["choices:", "options:"].contains(last.lowercased()) {
      question.removeLast()
    }
    return question.isEmpty ? nil : (question.joined(separator: "\n"), options)
  }

  private static func option(_ line: Substring, _ letter: String) -> String? {
    var rest = line.drop { $0 == " " || $0 == "(" }
    guard rest.hasPrefix(letter) else { return nil }
    rest = rest.dropFirst()
    guard let mark = rest.first, ".:)".contains(mark) else { return nil }
    let text = ExampleList.trimmed(String(rest.dropFirst()))
    return text.isEmpty ? nil : text
  }
}
