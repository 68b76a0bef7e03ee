import MDMData
import MDMDeclarations
import MDMImages
import MDMRuntime

/// Datasets: the procedural suite, and files of one's own.
enum DataBuiltins: BuiltinFamily {
  static let name = "data"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [load, show, contactSheet, datasets]
  }

  private static let load = NativeFunction(
    FunctionSignature(
      "load",
      [
        ParameterDeclaration(
          "source", .string,
          "`mini`, or a folder with *.jsonl files: image, question, answer, box, options, domain."),
        ParameterDeclaration("seed", .int, default: "0", "Decides the pictures of `mini`."),
      ], returns: .domain("Suite"), family: name,
      "Loads a suite: training domains, their test splits and held-out benchmarks.",
      examples: [Example("len(load(\"mini\").train)", prints: "5")])
  ) { call in
    let source = try call.string(0)
    let seed = UInt64(bitPattern: Int64(try call.int(1)))
    if let suite = Suite.named(source, seed: seed) { return .domain(SuiteValue(suite)) }
    do {
      return .domain(SuiteValue(try FolderLoader.suite(source)))
    } catch let error as DataError {
      throw call.fail("E0702", error.description, hint: error.hint, argument: 0)
    }
  }

  private static let datasets = NativeFunction(
    FunctionSignature(
      "dataset",
      [
        ParameterDeclaration("suite", .domain("Suite"), "What `load` gave."),
        ParameterDeclaration("name", .string, "`coco`, `coco/test`, `chartqa`, …"),
      ], returns: .domain("Dataset"), family: name, "Gives a dataset of a suite by its name.",
      examples: [Example("dataset(load(\"mini\"), \"coco\").domain", prints: "coco")])
  ) { call in
    let suite = try call.domain(0, as: SuiteValue.self).suite
    let name = try call.string(1)
    guard let found = suite.dataset(name) else {
      throw call.fail(
        "E0405", "the suite has no dataset \"\(name)\"",
        hint: "it has " + suite.datasets.map(\.name).joined(separator: ", "), argument: 1)
    }
    return .domain(DatasetValue(found))
  }

  private static let show = NativeFunction(
    FunctionSignature(
      "show",
      [
        ParameterDeclaration("dataset", .domain("Dataset"), "What to look at."),
        ParameterDeclaration("rows", .int, default: "6", "How many examples are printed."),
        ParameterDeclaration(
          "path", .string, default: "none", "PNG file of the contact sheet; none: figures/NAME.png."
        ),
      ], returns: .string, family: name,
      "Prints questions and answers and writes a contact sheet of the images. Gives its path.")
  ) { call in
    let dataset = try call.domain(0, as: DatasetValue.self).dataset
    let rows = try call.int(1)
    guard rows >= 0 else { throw call.fail("E0420", "`rows` is \(rows)", argument: 1) }
    let plain = String(dataset.name.map { $0 == "/" ? "-" : $0 })
    let path = try call.optional(2) { try call.string($0) } ?? "figures/\(plain).png"
    call.print("\(dataset.name): \(dataset.count) examples. \(dataset.summary)\n")
    for row in DatasetValue.rows(dataset, count: rows, width: call.options.width) {
      call.print(row + "\n")
    }
    try Files.makeFolder(of: path, call)
    try SheetValue(MDMData.contactSheet(dataset), title: dataset.name).write(to: path, call)
    return .string(path)
  }

  private static let contactSheet = NativeFunction(
    FunctionSignature(
      "contact_sheet",
      [
        ParameterDeclaration("dataset", .domain("Dataset"), "What to look at."),
        ParameterDeclaration("rows", .int, default: "3", "Rows of images."),
        ParameterDeclaration("columns", .int, default: "4", "Images in a row."),
      ], returns: .domain("Sheet"), family: name,
      "Draws images with questions, answers and boxes; `save` writes it.",
      examples: [
        Example(
          "contact_sheet(dataset(load(\"mini\"), \"coco\"), rows: 1, columns: 2)",
          prints: "Sheet \"coco\", 416 x 284 pixels")
      ])
  ) { call in
    let dataset = try call.domain(0, as: DatasetValue.self).dataset
    let (rows, columns) = (try call.int(1), try call.int(2))
    guard (1...50).contains(rows), (1...20).contains(columns) else {
      throw call.fail("E0420", "a sheet has 1 to 50 rows and 1 to 20 columns")
    }
    return .domain(
      SheetValue(
        MDMData.contactSheet(dataset, rows: rows, columns: columns), title: dataset.name))
  }
}
