import MDMImages

/// Gathers a loader's examples: finds ids that come twice and tells the kind of each answer.
struct ExampleList {
  let domain: String
  let split: Split
  private(set) var examples: [Example] = []
  private var rows: [String: Row] = [:]
  let name: String

  init(_ domain: String, _ split: Split, part: String? = nil) {
    self.domain = domain
    self.split = split
    name = split == .train && part == nil ? domain : "\(domain)/\(part ?? split.rawValue)"
  }

  /// Adds an example of a row.
  ///
  /// - Parameters:
  ///   - id: The row's own; nil for its place.
  ///   - answers: All that are right; of a multiple choice one letter.
  ///   - kind: By default what options, boxes and the first answer say.
  mutating func add(
    _ row: Row, id: String?, images: [LazyImage], question: String, answers: [String],
    options: [String] = [], boxes: [Box] = [], kind: AnswerKind? = nil,
    coordinates: Example.Coordinates = .thousandths, template: PromptTemplate? = .twoStep
  ) throws(DataError) {
    let id = id ?? "\(name)/\(examples.count)"
    if let first = rows.updateValue(row, forKey: id) {
      throw row.error(
        "id", "is `\(id)`, as that of \(first.file), row \(first.number)",
        "every example needs an id of its own")
    }
    let answers = answers.map(Self.trimmed)
    guard let answer = answers.first, !answer.isEmpty else {
      throw row.error("answer", "is empty", "give the correct answer, or leave the row out")
    }
    let question = Self.trimmed(question)
    guard !question.isEmpty else {
      throw row.error("question", "is empty", "ask something, or leave the row out")
    }
    let found: AnswerKind =
      !boxes.isEmpty ? .box : !options.isEmpty ? .choice : Double(answer) != nil ? .number : .word
    examples.append(
      Example(
        id: id, domain: domain, images: images, question: question, answers: answers,
        options: options.map(Self.trimmed), boxes: boxes, kind: kind ?? found,
        coordinates: coordinates, template: template))
  }

  /// A letter for each option.
  static func letters(_ options: [String], _ row: Row) throws(DataError) -> [String] {
    let letters = Example.letters(options.count)
    guard letters.count == options.count else {
      throw row.error(
        "options", "has \(options.count) options", "there are letters for \(letters.count)")
    }
    return letters
  }

  /// The letter of an option by its index, its letter or its text.
  static func letter(
    _ answer: String, _ options: [String], _ row: Row, _ field: String
  ) throws(DataError) -> String {
    let letters = try letters(options, row)
    let answer = trimmed(answer)
    if let index = options.firstIndex(where: { trimmed($0) == answer }) { return letters[index] }
    let bare = answer.trimmingBrackets.uppercased()
    if letters.contains(bare) { return bare }
    throw row.error(
      field, "is `\(answer.prefix(60))`, which is no option",
      "give one of \(letters.joined(separator: ", ")) or an option's text")
  }

  /// A text without white space at its ends; by scalars, since texts may have millions.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  func dataset(_ summary: String, _ provenance: DatasetProvenance) -> Dataset {
    Dataset(
      name: name, domain: domain, split: split, examples: examples, summary: summary,
      provenance: provenance)
  }
}

extension String {
  /// `(B)` and `B.` as `B`.
  var trimmingBrackets: String { filter { !"()[].: ".contains($0) } }
}
