import MDMData
import MDMDeclarations
import MDMImages
import MDMNumerics
import MDMRuntime
import MDMTables

/// Verbs of datasets: what they hold, parts of them, and what repeats.
enum DatasetBuiltins: BuiltinFamily {
  static let name = "datasets"
  private static let type = ScriptType.domain("Dataset")
  private static let dataset = ParameterDeclaration("dataset", type, "The dataset.")
  private static let seed = ParameterDeclaration(
    "seed", .int, default: "0", "Names the random stream.")
  private static let distance = ParameterDeclaration(
    "distance", .int, default: "4",
    "The most bits of 64 in which pictures that look alike differ.")
  /// A small dataset for examples.
  private static let few = "let d = load(\"mini\").train[0] |> head(20)\n"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      overload(
        "rows", [dataset], returns: .list, "All examples as a list.",
        "len(rows(d))", "20"
      ) { call in
        let dataset = try call.dataset(0)
        return .list((0..<dataset.count).map { .domain(ExampleValue(dataset[$0])) })
      },
      overload(
        "head", [dataset, ParameterDeclaration("count", .int, default: "5", "How many.")],
        returns: type, "The first examples.", "len(head(d, 3))", "3"
      ) { call in value(try call.dataset(0).prefix(max(0, try call.int(1)))) },
      filter, map, shuffle, sample, split, dedup(context), contamination(context),
      describe(context), blind(context), prompt, withTemplate, exported, suite, layouts,
    ]
  }

  private static func value(_ dataset: Dataset) -> Datum { .domain(DatasetValue(dataset)) }

  private static func overload(
    _ name: String, _ parameters: [ParameterDeclaration], returns result: ScriptType,
    _ summary: String, _ code: String, _ prints: String?, source: String? = nil,
    form: NativeFunction.Form = .overload(["Dataset"]),
    _ body: @escaping @Sendable (NativeCall) throws -> Datum
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, parameters, returns: result, family: self.name, summary,
        examples: [Example(few + code, prints: prints)]), form: form, body)
  }

  private static let filter = overload(
    "filter",
    [dataset, ParameterDeclaration("keep", .function, "Takes an example, gives true or false.")],
    returns: type, "The examples for which a function gives true.",
    "len(filter(d, fn(e) e.kind == \"box\"))", "20"
  ) { call in
    let dataset = try call.dataset(0)
    let keep = try call.function(1)
    var places: [Int] = []
    for place in 0..<dataset.count {
      try call.checkInterrupt()
      let answer = try call.invoke(keep, [.domain(ExampleValue(dataset[place]))])
      guard case .bool(let isKept) = answer else {
        throw call.fail(
          "E0406", "`keep` gave \(answer.brief) for example \(place), not true or false",
          argument: 1)
      }
      if isKept { places.append(place) }
    }
    return value(dataset.picking(places))
  }

  private static let map = overload(
    "map",
    [
      dataset,
      ParameterDeclaration(
        "change", .function,
        "Takes an example, gives a record of what is new: question, answer, answers, domain, id."),
    ], returns: type, "The examples with some fields replaced; pictures, options and boxes stay.",
    "map(d, fn(e) ({question: upper(e.question)}))[0].question == upper(d[0].question)", "true"
  ) { call in
    let dataset = try call.dataset(0)
    let change = try call.function(1)
    var changes: [Change] = []
    for place in 0..<dataset.count {
      try call.checkInterrupt()
      changes.append(
        try Change(call.invoke(change, [.domain(ExampleValue(dataset[place]))]), place, call))
    }
    let all = changes
    let domains = Set(all.compactMap(\.domain))
    let domain = domains.count == 1 ? domains.first : nil
    return value(
      Dataset(
        name: dataset.name, domain: domain ?? dataset.domain, split: dataset.split,
        count: dataset.count, summary: dataset.summary, provenance: dataset.provenance
      ) { all[$0].applied(to: dataset[$0]) })
  }

  /// What a script's function replaces in an example.
  private struct Change: Sendable {
    private(set) var id: String?
    private(set) var domain: String?
    private(set) var question: String?
    private(set) var answers: [String]?

    init(_ answer: Datum, _ place: Int, _ call: NativeCall) throws {
      guard let fields = answer.fields else {
        throw call.fail(
          "E0406", "`change` gave \(answer.brief) for example \(place), not a record",
          hint: "write fn(e) ({question: …})", argument: 1)
      }
      for (key, item) in fields.entries {
        switch (key, item) {
        case ("id", .string(let text)): id = text
        case ("domain", .string(let text)): domain = text
        case ("question", .string(let text)): question = text
        case ("answer", .string(let text)): answers = [text]
        case ("answers", .list(let items)):
          let texts = items.compactMap(\.text)
          guard texts.count == items.count, !texts.isEmpty else {
            throw call.fail("E0406", "`answers` is no list of texts", argument: 1)
          }
          answers = texts
        default:
          throw call.fail(
            "E0406", "`change` gave `\(key)` as \(item.brief) for example \(place)",
            hint: "id, domain, question and answer are texts, answers is a list of them",
            argument: 1)
        }
      }
    }

    func applied(to example: MDMData.Example) -> MDMData.Example {
      example.with(id: id, domain: domain, question: question, answers: answers)
    }
  }

  private static let shuffle = overload(
    "shuffle", [dataset, seed], returns: type,
    "The examples in a random order, the same one for the same seed.",
    "sort(map(rows(shuffle(d, seed: 3)), fn(e) e.id)) == sort(map(rows(d), fn(e) e.id))", "true",
    form: .both([type])
  ) { call in
    let dataset = try call.dataset(0)
    let seed = try call.int(1)
    return value(dataset.picking(order(dataset.count, seed), how: "shuffled by \(seed)"))
  }

  private static func order(_ count: Int, _ seed: Int) -> [Int] {
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(seed)), purpose: "dataset order", domain: "")
    return stream.shuffled(Array(0..<count))
  }

  private static let sample = overload(
    "sample", [dataset, ParameterDeclaration("count", .int, "How many."), seed], returns: type,
    "Different examples drawn at random, the same ones for the same seed.",
    "len(sample(d, 5, seed: 1))", "5"
  ) { call in
    let dataset = try call.dataset(0)
    let (count, seed) = (try call.int(1), try call.int(2))
    guard (0...dataset.count).contains(count) else {
      throw call.fail(
        "E0420", "\(dataset.name) has \(dataset.count) examples, not \(count)", argument: 1)
    }
    return value(
      dataset.picking(
        Array(order(dataset.count, seed).prefix(count)), how: "sample of \(count) by \(seed)"))
  }

  private static let split = overload(
    "split",
    [
      dataset,
      ParameterDeclaration("share", .float, "The share of the first part, above 0 and below 1."),
      seed,
    ], returns: .list,
    "Two datasets of different examples, drawn at random: a training and a test set.",
    "map(split(d, 0.75), fn(part) len(part))", "[15, 5]"
  ) { call in
    let dataset = try call.dataset(0)
    let (share, seed) = (try call.double(1), try call.int(2))
    guard share > 0, share < 1 else {
      throw call.fail("E0420", "the share \(share) is not between 0 and 1", argument: 1)
    }
    let places = order(dataset.count, seed)
    let cut = Int((Double(dataset.count) * share).rounded())
    let how = "split at \(cut) by \(seed)"
    return DatasetValue.list([
      dataset.picking(Array(places[..<cut]).sorted(), how: "first \(how)"),
      dataset.picking(
        Array(places[cut...]).sorted(), how: "second \(how)",
        name: "\(dataset.domain)/test", split: .test),
    ])
  }

  private static func dedup(_ context: BuiltinContext) -> NativeFunction {
    overload(
      "dedup",
      [
        dataset,
        ParameterDeclaration(
          "near", .bool, default: "false",
          "Whether pictures that only look alike count as the same."), distance,
      ], returns: type,
      "The examples whose question and pictures no earlier one has.", "len(dedup(d)) <= 20", "true",
      form: .both([type])
    ) { call in
      let dataset = try call.dataset(0)
      let near = try call.bool(1) ? try call.bits(2) : nil
      return value(
        dataset.picking(Dataset.distinct(try call.keys(dataset, context), distance: near)))
    }
  }

  private static func contamination(_ context: BuiltinContext) -> NativeFunction {
    overload(
      "contamination",
      [
        ParameterDeclaration("train", type, "What is trained on."),
        ParameterDeclaration("benchmark", type, "What is scored on."), distance,
      ], returns: .record,
      "What of a benchmark stands in a training set: counts, and a table of the pairs.",
      "contamination(d, d).exact", "20", form: .both([type])
    ) { call in
      let (train, benchmark) = (try call.dataset(0), try call.dataset(1))
      let found = Contamination(
        train: try call.keys(train, context), benchmark: try call.keys(benchmark, context),
        distance: try call.bits(2))
      let matches = found.matches
      let columns: [(name: String, cells: [Cell])] = [
        ("benchmark", matches.map { .text(benchmark[$0.benchmark].id) }),
        ("train", matches.map { .text(train[$0.train].id) }),
        ("pixels", matches.map { .text($0.isExact ? "equal" : "alike") }),
        ("same_question", matches.map { .bool($0.sameQuestion) }),
      ]
      return .record([
        ("count", .int(Int64(benchmark.count))),
        ("exact", .int(Int64(matches.count { $0.isExact }))),
        ("alike", .int(Int64(matches.count { !$0.isExact }))),
        ("same_question", .int(Int64(matches.count { $0.sameQuestion }))),
        (
          "share",
          .float(benchmark.count == 0 ? 0 : Double(matches.count) / Double(benchmark.count))
        ),
        ("pairs", call.table(columns)),
      ])
    }
  }

  private static func describe(_ context: BuiltinContext) -> NativeFunction {
    overload(
      "describe", [dataset], returns: .record,
      "Counts, kinds of answers, the commonest answers, lengths, sizes of pictures, licence, hash, and "
        + "a plot of them.",
      "describe(d).widths", "{least: 64, median: 64, greatest: 64}"
    ) { call in
      let dataset = try call.dataset(0)
      let found = try call.loading { () throws(DataError) in
        try DatasetDescription(dataset) { context.interrupt.isRequested }
      }
      func spread(_ spread: DatasetDescription.Spread) -> Datum {
        .record([
          ("least", .int(Int64(spread.least))), ("median", .int(Int64(spread.median))),
          ("greatest", .int(Int64(spread.greatest))),
        ])
      }
      return .record([
        ("name", .string(dataset.name)), ("count", .int(Int64(found.count))),
        ("kinds", .record(found.kinds.map { ($0.kind.rawValue, .int(Int64($0.count))) })),
        ("different_answers", .int(Int64(found.answerCount))),
        (
          "answers",
          call.table([
            ("answer", found.answers.map { .text($0.answer) }),
            ("n", found.answers.map { .int(Int64($0.count)) }),
          ])
        ),
        ("question_words", spread(found.questionWords)),
        ("answer_words", spread(found.answerWords)), ("images", spread(found.imagesAnExample)),
        ("widths", spread(found.widths)), ("heights", spread(found.heights)),
        (
          "unreadable",
          .list(
            found.unreadable.map {
              .record([("id", .string($0.id)), ("reason", .string($0.reason))])
            })
        ),
        ("licence", .string(dataset.provenance.licence)),
        ("citation", .string(dataset.provenance.citation)),
        ("fingerprint", .string(dataset.fingerprint)),
        (
          "plot",
          DatasetFigures.description(dataset.name, found).map { .domain(PlotValue($0)) } ?? .none
        ),
      ])
    }
  }

  private static func blind(_ context: BuiltinContext) -> NativeFunction {
    overload(
      "blind_baseline",
      [
        ParameterDeclaration("train", type, "What a guess may learn from."),
        ParameterDeclaration("test", type, "What is guessed."),
      ], returns: .record,
      "What guesses without the pictures are worth: chance, the best constant, the question alone.",
      "blind_baseline(d, d).count", "20", form: .both([type])
    ) { call in
      let (train, test) = (try call.dataset(0), try call.dataset(1))
      let found = try call.loading { () throws(DataError) in
        try BlindBaseline(train: train, test: test) { context.interrupt.isRequested }
      }
      return .record([
        ("count", .int(Int64(found.count))), ("chance", .float(found.chance)),
        ("constant", .float(found.constant)), ("question_alone", .float(found.language)),
      ])
    }
  }

  private static let templates = PromptTemplate.allCases.map(\.rawValue).joined(separator: ", ")
  private static let template = ParameterDeclaration(
    "template", .string, default: "\"two_step\"",
    PromptTemplate.allCases.map { "`\($0.rawValue)`: \($0.summary)" }.joined(separator: "; ") + ".")

  private static let prompt = NativeFunction(
    FunctionSignature(
      "prompt_text",
      [ParameterDeclaration("example", .domain("Example"), "What is asked."), template],
      returns: .string, family: name,
      "The text of an example's prompt: question, options and how to answer.",
      examples: [
        Example(
          "contains(prompt_text(load(\"mini\").train[2][0]), \"<answer>(option)</answer>\")",
          prints: "true")
      ], source: "arXiv 2505.24871, section 2 and figures 2 and 8"),
    form: .both([.domain("Example")])
  ) { call in
    .string(
      try call.template(1).text(try call.domain(0, as: ExampleValue.self).example))
  }

  private static let withTemplate = overload(
    "with_template", [dataset, template], returns: type,
    "The examples with another form of prompt in training and evaluation.",
    "with_template(d, \"direct\").count", "20", form: .both([type])
  ) { call in
    let template = try call.template(1)
    return value(
      try call.dataset(0).mapping("template \(template.rawValue)") { $0.with(template: template) })
  }

  private static let exported = overload(
    "export",
    [
      dataset, ParameterDeclaration("path", .string, "Where the Parquet file is written."),
      ParameterDeclaration(
        "form", .string, default: "\"trl\"", "The columns of `trl` or of `verl`."),
    ], returns: .string, "Writes prompts, pictures and answers as trainers in Python read them.",
    "export(d, temporary_folder() + \"/d.parquet\", form: \"verl\") |> ends_with(\".parquet\")",
    "true", form: .both([type])
  ) { call in
    let (dataset, path) = (try call.dataset(0), try Files.path(call, 1))
    guard let form = DatasetExport(rawValue: try call.string(2)) else {
      throw call.fail(
        "E0420", "there is no form `\(try call.string(2))`",
        hint: "there are trl and verl", argument: 2)
    }
    var bytes: [UInt8] = []
    do {
      try form.write(dataset, interrupted: { call.isInterrupted }) { bytes += $0 }
    } catch let error as DataError {
      throw try call.script(error)
    }
    try Files.makeFolder(of: path, call)
    try Files.write(bytes, to: path, call)
    return .string(path)
  }

  private static let suite = NativeFunction(
    FunctionSignature(
      "make_suite",
      [
        ParameterDeclaration(
          "datasets", .list,
          "Datasets: those of the split train are trained on, test sets of other "
            + "domains are benchmarks."),
        ParameterDeclaration("name", .string, default: "\"suite\"", "What messages call it."),
      ], returns: .domain("Suite"), family: name, "Puts datasets of any files together.",
      examples: [
        Example(
          "let s = load(\"mini\")\nlen(make_suite([s.train[0], s.tests[1]]).benchmarks)",
          prints: "1")
      ])
  ) { call in
    let sets = try call.domains(0, as: DatasetValue.self, called: "Dataset").map(\.dataset)
    var names: Set<String> = []
    for set in sets where !names.insert(set.name).inserted {
      throw call.fail(
        "E0420", "two datasets are called `\(set.name)`",
        hint: "map(d, fn(e) ({domain: \"other\"})) renames one", argument: 0)
    }
    return .domain(SuiteValue(Suite(name: try call.string(1), datasets: sets)))
  }

  private static let layouts = NativeFunction(
    FunctionSignature(
      "data_layouts", [], returns: .domain("Table"), family: name,
      "The published layouts that `load(path, layout: …)` reads.",
      examples: [Example("contains(data_layouts().layout, \"scienceqa\")", prints: "true")])
  ) { call in
    let all = LoaderCatalogue.all
    return call.table([
      ("layout", all.map { .text($0.name) }), ("reads", all.map { .text($0.summary) }),
      ("licence", all.map { .text($0.provenance.licence) }),
      ("citation", all.map { .text($0.provenance.citation) }),
      ("source", all.map { .text($0.source) }),
    ])
  }
}

extension NativeCall {
  func dataset(_ index: Int) throws -> Dataset {
    try domain(index, as: DatasetValue.self).dataset
  }

  fileprivate func bits(_ index: Int) throws -> Int {
    let bits = try int(index)
    guard (0...64).contains(bits) else {
      throw fail("E0420", "a distance is 0 to 64 bits, not \(bits)", argument: index)
    }
    return bits
  }

  fileprivate func template(_ index: Int) throws -> PromptTemplate {
    let text = try string(index)
    guard let template = PromptTemplate(rawValue: text) else {
      throw fail(
        "E0420", "there is no template `\(text)`",
        hint: "there are " + PromptTemplate.allCases.map(\.rawValue).joined(separator: ", "),
        argument: index)
    }
    return template
  }

  fileprivate func keys(
    _ dataset: Dataset, _ context: BuiltinContext
  ) throws -> [PictureKeys] {
    try loading { () throws(DataError) in
      try PictureKeys.all(of: dataset) { context.interrupt.isRequested }
    }
  }

  /// Runs a step of `MDMData`; its error becomes one of this call.
  func loading<T>(argument: Int = 0, _ body: () throws(DataError) -> T) throws -> T {
    do throws(DataError) { return try body() } catch { throw try script(error, argument: argument) }
  }

  /// The script's error for one of data; what was interrupted ends as an interrupt does.
  func script(_ error: DataError, argument: Int = 0) throws -> ScriptError {
    if case .interrupted = error { try checkInterrupt() }
    return fail("E0702", error.description, hint: error.hint, argument: argument)
  }
}
