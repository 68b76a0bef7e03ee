import MDMJSON
import MDMNumerics

/// Checks the fields of one line and makes a record of them.
struct RecordReader {
  let file: String
  let line: Int

  func record(_ text: [UInt8], images: inout ImageShelf) throws(DataError) -> Record {
    let object = try parsed(text)
    try checkNames(object)
    let path = try requiredText(object, "image", "name an image file, such as `a.png`")
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw field("image", "leaves the folder", "give a path inside the folder")
    }
    guard !path.utf8.contains(0) else {
      throw field("image", "holds a NUL character", "name an image file, such as `a.png`")
    }
    let image = try images.place(of: path, file: file, line: line)
    let box = try box(object, width: image.width, height: image.height)
    let options = try options(object)
    let kind = try kind(object, box: box, options: options)
    var question = words(try requiredText(object, "question", "ask something"))
    if kind == .choice {
      question += zip(Example.letters(options.count), options).map { " \($0) \($1)" }.joined()
    }
    let answer = try answer(object, kind: kind, options: options) { box in
      Example.cellAnswer(box, width: image.width, height: image.height)
    }
    let stem = String(file.dropLast(".jsonl".count))
    return Record(
      id: object["id"]?.text, domain: try optionalText(object, "domain") ?? stem,
      split: try split(object, stem: stem), image: image.place, question: question,
      answer: answer, options: options, box: box, kind: kind)
  }

  private func field(_ name: String, _ reason: String, _ hint: String) -> DataError {
    .badField(file: file, line: line, field: name, reason: reason, hint: hint)
  }

  private func parsed(_ text: [UInt8]) throws(DataError) -> JSONNode {
    let node: JSONNode
    do throws(JSONError) { node = try JSONNode(parsing: text) } catch {
      if error.isEncoding { throw .badText(file: file, line: line, column: error.column) }
      throw .badJSON(file: file, line: line, column: error.column, reason: error.reason)
    }
    guard node.members != nil else {
      throw .badJSON(file: file, line: line, column: 1, reason: "it is \(node.kind)")
    }
    return node
  }

  private func checkNames(_ object: JSONNode) throws(DataError) {
    for member in object.members ?? [] where !FolderLoader.fields.contains(member.name) {
      if let meant = FolderLoader.fields.first(where: {
        object[$0] == nil && $0.count > 3 && member.name.utf8.count < 80
          && EditDistance.between($0, member.name) <= 2
      }) {
        throw field(member.name, "is unknown", "did you mean `\(meant)`?")
      }
    }
  }

  private func optionalText(_ object: JSONNode, _ name: String) throws(DataError) -> String? {
    guard let value = object[name], value != .null else { return nil }
    guard let text = value.text else {
      throw field(name, "is \(value.kind)", "give a string in double quotes")
    }
    guard !words(text).isEmpty else {
      throw field(name, "is empty", "give it a text or leave it out")
    }
    return text
  }

  private func requiredText(
    _ object: JSONNode, _ name: String, _ hint: String
  ) throws(DataError) -> String {
    guard let text = try optionalText(object, name) else { throw field(name, "is missing", hint) }
    return text
  }

  private func box(
    _ object: JSONNode, width: Int, height: Int
  ) throws(DataError) -> Box? {
    guard let value = object["box"], value != .null else { return nil }
    let numbers = (value.elements ?? []).compactMap(\.number)
    guard numbers.count == 4, value.elements?.count == 4 else {
      throw field("box", "is not an array of four numbers", "write [x0, y0, x1, y1] in pixels")
    }
    let box = Box(numbers[0], numbers[1], numbers[2], numbers[3])
    guard box.isValid else {
      throw field("box", "is empty or inverted: \(box)", "x1 is more than x0, y1 more than y0")
    }
    guard box.x0 >= 0, box.y0 >= 0, box.x1 <= Double(width), box.y1 <= Double(height) else {
      throw field(
        "box", "reaches outside the image: \(box)",
        "the image has \(width) x \(height) pixels; boxes are counted in pixels")
    }
    return box
  }

  private func options(_ object: JSONNode) throws(DataError) -> [String] {
    guard let value = object["options"], value != .null else { return [] }
    let texts = (value.elements ?? []).compactMap { node in
      node.text ?? node.number.map(Self.numberText)
    }.map(words)
    guard let count = value.elements?.count, count == texts.count, (2...8).contains(count),
      !texts.contains("")
    else {
      throw field("options", "is not an array of two to eight texts", "write [\"3\", \"4\", \"5\"]")
    }
    guard Set(texts).count == count else {
      throw field("options", "names an option twice", "options must differ")
    }
    return texts
  }

  private func kind(
    _ object: JSONNode, box: Box?, options: [String]
  ) throws(DataError) -> AnswerKind {
    let known = AnswerKind.allCases.map(\.rawValue).joined(separator: ", ")
    var kind: AnswerKind
    if let text = try optionalText(object, "kind") {
      guard let named = AnswerKind(rawValue: text) else {
        throw field("kind", "is the unknown type `\(text)`", "the types are \(known)")
      }
      kind = named
    } else if box != nil {
      kind = .box
    } else if !options.isEmpty {
      kind = .choice
    } else if object["answer"]?.number != nil {
      kind = .number
    } else {
      kind = Double(words(object["answer"]?.text ?? "x")) == nil ? .word : .number
    }
    if kind == .box, box == nil {
      throw field("box", "is missing", "a question of type box needs [x0, y0, x1, y1]")
    }
    if kind == .choice, options.isEmpty {
      throw field("options", "is missing", "a question of type choice needs its options")
    }
    return kind
  }

  private func split(_ object: JSONNode, stem: String) throws(DataError) -> Split {
    guard let text = try optionalText(object, "split") else {
      return stem.hasPrefix("test") ? .test : .train
    }
    guard let split = Split(rawValue: text) else {
      throw field("split", "is `\(text)`", "the splits are train, test and warmup")
    }
    return split
  }

  private func answer(
    _ object: JSONNode, kind: AnswerKind, options: [String], cells: (Box) -> String
  ) throws(DataError) -> String {
    if kind == .box, let numbers = object["box"]?.elements?.compactMap(\.number),
      numbers.count == 4
    {
      return cells(Box(numbers[0], numbers[1], numbers[2], numbers[3]))
    }
    guard let value = object["answer"], value != .null else {
      throw field("answer", "is missing", "give the correct answer")
    }
    guard let text = value.text ?? value.number.map(Self.numberText) else {
      throw field("answer", "is \(value.kind)", "give a string or a number")
    }
    let answer = words(text)
    guard !answer.isEmpty else { throw field("answer", "is empty", "give the correct answer") }
    switch kind {
    case .choice:
      let letters = Example.letters(options.count)
      if letters.contains(answer) { return answer }
      if let index = options.firstIndex(of: answer), index < letters.count { return letters[index] }
      throw field(
        "answer", "is `\(answer)`, which is no option",
        "give a letter of \(letters.joined(separator: ", ")) or an option's text")
    case .number:
      guard let number = Double(answer), number.isFinite else {
        throw field("answer", "is `\(answer)`, which is no number", "give digits, or another kind")
      }
      return answer
    case .word, .box: return answer
    }
  }

  private func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func numberText(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }
}
