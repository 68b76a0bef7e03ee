import MDMData
import MDMImages
import MDMRuntime

/// A suite as scripts hold it: training domains, their test splits, held-out benchmarks.
final class SuiteValue: FieldedValue {
  let suite: Suite

  init(_ suite: Suite) { self.suite = suite }

  var typeName: String { "Suite" }

  static let fields: [(name: String, read: @Sendable (SuiteValue) -> Datum)] = [
    ("name", { .string($0.suite.name) }),
    ("train", { DatasetValue.list($0.suite.train) }),
    ("tests", { DatasetValue.list($0.suite.tests) }),
    ("benchmarks", { DatasetValue.list($0.suite.benchmarks) }),
  ]

  func element(named key: String) -> Datum? {
    (suite.train + suite.tests + suite.benchmarks).first { $0.name == key }.map {
      .domain(DatasetValue($0))
    } ?? field(key)
  }

  func display(_ width: Int) -> String {
    var rows: [[String]] = []
    for (part, sets) in [
      ("train", suite.train), ("test", suite.tests), ("held out", suite.benchmarks),
    ] {
      for set in sets { rows.append([set.name, part, String(set.count), set.summary]) }
    }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return
      (["Suite \(suite.name)"]
      + rows.map { row in
        "  "
          + row.enumerated().map { index, cell in
            index < 3 ? cell + String(repeating: " ", count: widths[index] - cell.count) : cell
          }.joined(separator: "  ")
      }).joined(separator: "\n")
  }
}

/// A dataset as scripts hold it.
final class DatasetValue: FieldedValue {
  let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  static func list(_ datasets: [Dataset]) -> Datum {
    .list(datasets.map { .domain(DatasetValue($0)) })
  }

  var typeName: String { "Dataset" }

  static let fields: [(name: String, read: @Sendable (DatasetValue) -> Datum)] = [
    ("name", { .string($0.dataset.name) }),
    ("domain", { .string($0.dataset.domain) }),
    ("split", { .string($0.dataset.split.rawValue) }),
    ("count", { .int($0.dataset.count) }),
    ("summary", { .string($0.dataset.summary) }),
    ("fingerprint", { .string($0.dataset.fingerprint) }),
    ("licence", { .string($0.dataset.provenance.licence) }),
    ("citation", { .string($0.dataset.provenance.citation) }),
    ("source", { .string($0.dataset.provenance.source) }),
  ]

  var count: Int? { dataset.count }

  func element(at position: Int) -> Datum? {
    position >= 0 && position < dataset.count ? .domain(ExampleValue(dataset[position])) : nil
  }

  func slice(from start: Int, to end: Int, by step: Int) -> Datum? {
    .domain(DatasetValue(dataset.picking(Array(stride(from: start, to: end, by: step)))))
  }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? DatasetValue)?.dataset.fingerprint == dataset.fingerprint
  }

  /// Size, three rows and a hash.
  func display(_ width: Int) -> String {
    let head =
      "Dataset \(dataset.name): \(dataset.count) examples, \(dataset.fingerprint.prefix(8))"
    return ([head] + Self.rows(dataset, count: 3, width: width)).joined(separator: "\n")
  }

  /// Question and answer of the first examples.
  static func rows(_ dataset: Dataset, count: Int, width: Int) -> [String] {
    let examples = (0..<min(count, dataset.count)).map { place in
      let example = dataset[place]
      return (question: Text.short(example.question), answer: Text.short(example.answer))
    }
    let widest = examples.map(\.question.count).max() ?? 0
    return examples.enumerated().map { index, example in
      let pad = String(repeating: " ", count: widest - example.question.count)
      let line = "  \(index)  \(example.question)\(pad)  → \(example.answer)"
      return line.count > width ? String(line.prefix(max(10, width - 1))) + "…" : line
    }
  }
}

/// An example as scripts, and rewards, see it.
final class ExampleValue: FieldedValue, PresentedValue {
  let example: MDMData.Example

  init(_ example: MDMData.Example) { self.example = example }

  var typeName: String { "Example" }

  static let fields: [(name: String, read: @Sendable (ExampleValue) -> Datum)] = [
    ("id", { .string($0.example.id) }),
    ("domain", { .string($0.example.domain) }),
    ("question", { .string($0.example.question) }),
    ("answer", { .string($0.example.answer) }),
    ("answers", { .strings($0.example.answers) }),
    ("options", { .strings($0.example.options) }),
    ("kind", { .string($0.example.kind.rawValue) }),
    ("box", { $0.example.box.map(Datum.box) ?? .none }),
    ("boxes", { .list($0.example.boxes.map(Datum.box)) }),
    ("coordinates", { .string($0.example.coordinates.rawValue) }),
    ("images", { .int($0.example.images.count) }),
    ("image", { .image($0.example.image) }),
    ("pictures", { .list($0.example.images.map(Datum.image)) }),
    ("width", { .int($0.example.image.width) }),
    ("height", { .int($0.example.image.height) }),
  ]

  func add(to presentation: inout Presentation) {
    presentation.png = try? example.image.decoded().encodedPNG()
  }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? ExampleValue)?.example == example
  }

  func display(_ width: Int) -> String {
    "Example \(example.id): \(Text.short(example.question)) → \(Text.short(example.answer))"
  }
}

/// A contact sheet as scripts hold it.
final class SheetValue: FieldedValue, PresentedValue {
  let image: RGBImage
  let title: String

  init(_ image: RGBImage, title: String) {
    self.image = image
    self.title = title
  }

  var typeName: String { "Sheet" }

  static let fields: [(name: String, read: @Sendable (SheetValue) -> Datum)] = [
    ("width", { .int($0.image.width) }), ("height", { .int($0.image.height) }),
  ]

  func add(to presentation: inout Presentation) { presentation.png = try? image.encodedPNG() }

  func display(_ width: Int) -> String {
    "Sheet \"\(title)\", \(image.width) x \(image.height) pixels"
  }

}

extension Datum {
  /// An image as scripts see it; none where its file cannot be read.
  static func image(_ image: LazyImage) -> Datum {
    (try? image.decoded().encodedPNG()).map { .domain(ImageValue($0)) } ?? .none
  }

  /// A box as scripts see it: [x0, y0, x1, y1] in pixels.
  static func box(_ box: Box) -> Datum { .numbers([box.x0, box.y0, box.x1, box.y1]) }
}

extension NativeCall {
  /// Saves a picture that has no other form.
  func savePNG(
    _ what: String, to path: String, _ encoded: () throws(ImageError) -> [UInt8]
  ) throws {
    guard path.hasSuffix(".png") else {
      throw fail("E0802", "\(what) is saved as PNG, not as \(path)", hint: "end the path in .png")
    }
    try Files.makeFolder(of: path, self)
    try Files.write(try imaging(path, encoded), to: path, self)
  }

  /// Runs a step of `MDMImages` on a file; its error becomes one of this call that names the file.
  func imaging<T>(_ path: String, _ body: () throws(ImageError) -> T) throws -> T {
    do { return try body() } catch {
      throw fail("E0702", "`\(path)` \(error.description)", hint: error.hint)
    }
  }
}
