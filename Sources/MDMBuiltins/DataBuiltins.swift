import MDMData
import MDMDeclarations
import MDMImages
import MDMRuntime

/// Datasets: the procedural suite, and files of one's own.
enum DataBuiltins: BuiltinFamily {
  static let name = "data"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [load(context), show, contactSheet, datasets]
  }

  private static func load(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "load",
        [
          ParameterDeclaration(
            "source", .string,
            "`mini`, a folder with *.jsonl files (image, question, answer, box, options, domain), or "
              + "with a layout a folder or file of it."),
          ParameterDeclaration(
            "seed", .int, default: "0",
            "Decides the pictures of `mini`, and which questions of `sat` are drawn."),
          ParameterDeclaration(
            "layout", .string, default: "none",
            "What the files are: " + LoaderCatalogue.all.map(\.name).joined(separator: ", ")
              + "; none finds out."),
          ParameterDeclaration(
            "cache", .size, default: "256MB", "The most memory that decoded pictures take."),
          ParameterDeclaration(
            "longest_side", .int, default: "none", "Larger pictures are made smaller."),
          ParameterDeclaration(
            "level", .int, default: "none", "The difficulty of `mini`, 1 to 3; none: its usual one."
          ),
          ParameterDeclaration(
            "drawn", .bool, default: "true",
            "Whether the 15,000 training questions of `sat` and the order of options are drawn by the "
              + "seed; false: the first ones, options as the file has them."),
        ], returns: .domain("Suite"), family: name,
        "Loads a suite: training domains, their test splits and held-out benchmarks.",
        examples: [Example("len(load(\"mini\").train)", prints: "5")])
    ) { call in
      let source = try call.string(0)
      let seed = UInt64(bitPattern: Int64(try call.int(1)))
      let layout = try call.optional(2) { try call.string($0) }
      let level = try call.optional(5) { try call.int($0) }
      if let level, !MiniLevel.all.contains(level) {
        throw call.fail("E0420", "`mini` has the levels 1 to 3, not \(level)", argument: 5)
      }
      if layout == nil, let suite = Suite.named(source, seed: seed, level: level) {
        return .domain(SuiteValue(suite))
      }
      let side = try call.optional(4) { try call.int($0) }
      if let side, side < 1 { throw call.fail("E0420", "`longest_side` is \(side)", argument: 4) }
      let from = LoadSource(
        source, cache: ImageCache(limit: try call.byteCount(3)), longestSide: side,
        seed: try call.bool(6) ? seed : nil
      ) { context.interrupt.isRequested }
      let isOwn = layout == nil && FolderLoader.recognises(source)
      return try call.loading { () throws(DataError) in
        if isOwn { return .domain(SuiteValue(try FolderLoader.suite(source, cache: from.cache))) }
        guard let loader = LoaderCatalogue.named(layout ?? "table") else {
          throw .badFile(
            file: source, reason: "cannot be read as `\(layout ?? "")`",
            hint: "the layouts are " + LoaderCatalogue.all.map(\.name).joined(separator: ", "))
        }
        let name = source.split(separator: "/").last.map(String.init) ?? source
        return .domain(SuiteValue(Suite(name: name, datasets: try loader.datasets(from))))
      }
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
    try call.savePNG("a sheet", to: path) { () throws(ImageError) in
      try MDMData.contactSheet(dataset).encodedPNG()
    }
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
