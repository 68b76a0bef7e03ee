import Glibc
import MDMDeclarations
import MDMImages
import MDMMixtures
import MDMModels
import MDMNumerics
import MDMPlots
import MDMRuntime

/// Pictures: of numbers, of runs, of laws.
enum PlotBuiltins: BuiltinFamily {
  static let name = "plots"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      plot, curves, predicted, ternary, bars, sparkline, save, display(context), clearOutput,
    ]
  }

  private static let titleParameter = ParameterDeclaration(
    "title", .string, default: "\"\"", "Shown above the picture.")

  private static let plot = NativeFunction(
    FunctionSignature(
      "plot",
      [
        ParameterDeclaration(
          "values", .either([.list, .record, TableBuiltins.type]),
          "Numbers, a record of named lists of numbers, or a table, of which its columns of numbers."
        ),
        ParameterDeclaration(
          "x", .either([.list, .string]), default: "none",
          "Where they lie, as numbers or as a column of the table; none counts from 0."),
        titleParameter,
        ParameterDeclaration("xlabel", .string, default: "\"\"", "What x measures."),
        ParameterDeclaration("ylabel", .string, default: "\"\"", "What y measures."),
      ], returns: .domain("Plot"), family: name, "Draws lists of numbers as lines.",
      examples: [
        Example("plot([1, 4, 9], title: \"squares\")", prints: "Plot \"squares\""),
        Example("plot(table({step: [0, 10], loss: [2.5, 1.5]}), x: \"step\")"),
      ])
  ) { call in
    var rows: [(String, [Double])] = []
    var x = try call.optional(1) { index in
      if case .string = try call.datum(index) { return [Double]() }
      return try call.doubles(index)
    }
    if case .domain(let value as TableValue) = try call.datum(0) {
      let table = value.table
      var place: String?
      if case .string(let name) = try call.datum(1) {
        try call.expectColumns([name], of: table, argument: 1)
        place = name
      }
      for (name, column) in zip(table.names, table.columns) {
        if name == place {
          x = try numbers(column.list, name, call)
        } else if column.type == .int || column.type == .float {
          rows.append((name, try numbers(column.list, name, call)))
        }
      }
    } else if case .string = try call.datum(1) {
      throw call.fail("E0406", "`x` names a column, but there is no table", argument: 1)
    } else if case .record(let record) = try call.datum(0) {
      for (key, value) in record.entries { rows.append((key, try numbers(value, key, call))) }
    } else {
      rows = [("", try call.doubles(0))]
    }
    let series = try rows.map { key, y in
      let places = x ?? y.indices.map(Double.init)
      guard places.count == y.count else {
        throw call.fail("E0420", "`x` has \(places.count) numbers, \"\(key)\" has \(y.count)")
      }
      return Series.line(key, x: places, y: y)
    }
    return .domain(
      PlotValue(
        Figure(
          title: try call.string(2),
          content: .chart(
            Chart(
              x: Axis(try call.string(3)), y: Axis(try call.string(4)), series: series,
              showsLegend: rows.count > 1)))))
  }

  private static func numbers(_ value: Datum, _ key: String, _ call: NativeCall) throws -> [Double]
  {
    guard let items = value.elements else {
      throw call.fail("E0406", "\"\(key)\" should be a list of numbers, but is \(value.brief)")
    }
    return try items.map { item in
      guard let number = item.number else {
        throw call.fail("E0406", "\"\(key)\" holds \(item.brief) among its numbers")
      }
      return number
    }
  }

  private static let curves = NativeFunction(
    FunctionSignature(
      "curves",
      [
        ParameterDeclaration("runs", .list, "Runs of `train` or `sweep`, and jobs that train."),
        ParameterDeclaration(
          "metric", .string, default: "\"reward/mean\"", "A metric key of the runs."),
        ParameterDeclaration(
          "smooth", .int, default: "5", "Steps of the moving average; 1 draws every step."),
        titleParameter,
      ], returns: .domain("Plot"), family: name,
      "Draws a metric against the step, one line a mixture: the mean over its seeds.",
      examples: [
        Example(
          "curves([train(policy(\"mini\"), uniform(load(\"mini\")), steps: 1, evaluate: 0)])",
          prints: "Plot \"reward/mean while training, by mixture\"")
      ])
  ) { call in
    let runs = try call.list(0).enumerated().map { position, item -> any CurveSource in
      guard case .domain(let object) = item, let source = object as? any CurveSource else {
        throw call.fail(
          "E0406", "element \(position) should be a Run, but is \(item.brief)", argument: 0)
      }
      return source
    }
    let metric = try call.string(1)
    let smooth = max(1, try call.int(2))
    let title = try call.string(3)
    do {
      return .domain(
        PlotValue(try RunFigures.curves(runs, metric: metric, smooth: smooth, title: title)))
    } catch let error as RunFigures.UnknownMetric {
      throw call.fail(
        "E0405", "the runs have no metric \"\(metric)\"",
        hint: "they have " + error.known.joined(separator: ", "), argument: 1)
    }
  }

  private static let predicted = NativeFunction(
    FunctionSignature(
      "predicted_against_measured",
      [
        ParameterDeclaration("law", .domain("Law"), "What `fit` gave."),
        ParameterDeclaration(
          "also", .list, default: "none", "Further runs that the law was not fitted to."),
        ParameterDeclaration(
          "target", .function, default: "none", "The outcome of the further runs."), titleParameter,
      ], returns: .domain("Plot"), family: name,
      "Draws each mixture's measured outcome against what a law fitted without it predicts.",
      examples: [
        Example(
          "let plan = design([\"a\", \"b\", \"c\"], kind: \"lattice\")\n"
            + "let law = fit(plan, target: plan |> map(fn(m) m.weights[0]))\n"
            + "predicted_against_measured(law)",
          prints: "Plot \"outcome: predicted against measured\"")
      ])
  ) { call in
    let law = try call.domain(0, as: LawValue.self)
    let also = try call.optional(1) { try call.domains($0, as: RunValue.self, called: "Run") } ?? []
    var further: [(RunValue, Double)] = []
    if !also.isEmpty {
      guard let target = try call.optional(2, { try call.function($0) }) else {
        throw call.fail("E0406", "`also` needs `target`", hint: "write target: out_score")
      }
      for run in also {
        guard let score = try call.invoke(target, [.domain(run)]).number else {
          throw call.fail("E0701", "`target` gives no number for a run", argument: 2)
        }
        further.append((run, score))
      }
    }
    let title = try call.string(3)
    return .domain(
      PlotValue(
        try call.mixing { () throws(MixtureError) in
          try LawFigures.predictedAgainstMeasured(law, further: further, title: title)
        }))
  }

  private static let ternary = NativeFunction(
    FunctionSignature(
      "ternary",
      [
        ParameterDeclaration("law", .domain("Law"), "What `fit` gave."),
        ParameterDeclaration(
          "over", .list, "The names of three domains; all others have weight 0."),
        ParameterDeclaration(
          "points", .either([.bool, .list]), default: "true",
          "Marks the mixtures that the law was fitted to, or those of a list of runs or mixtures."),
        titleParameter,
        ParameterDeclaration(
          "region", .float, default: "none",
          "Outlines mixtures predicted within so much of the maximum; none takes the law's left-out "
            + "error, 0.0 outlines nothing."),
      ], returns: .domain("Plot"), family: name,
      "Draws a law over the mixtures of three domains, its maximum and what is hardly worse marked.",
      examples: [
        Example(
          "let plan = design([\"a\", \"b\", \"c\"], kind: \"lattice\")\n"
            + "let law = fit(plan, target: plan |> map(fn(m) m.weights[0]))\n"
            + "ternary(law, over: [\"a\", \"b\", \"c\"])",
          prints: "Plot \"outcome predicted over three domains\"")
      ])
  ) { call in
    let law = try call.domain(0, as: LawValue.self)
    let names = try call.strings(1)
    let known = law.surrogate.domains
    guard names.count == 3, Set(names).count == 3, names.allSatisfy(known.contains) else {
      throw call.fail(
        "E0420", "a ternary map takes three different domains of the law",
        hint: "its domains are " + known.joined(separator: ", "), argument: 1)
    }
    var measured: [Mixture] = []
    if case .bool(let isShown) = try call.datum(2) {
      measured = isShown ? law.mixtures.map(\.mixture) : []
    } else {
      measured = try call.list(2).enumerated().map { position, item in
        switch item {
        case .domain(let run as RunValue): return run.mixture.mixture
        case .domain(let mixture as MixtureValue): return mixture.mixture
        default:
          throw call.fail(
            "E0406", "element \(position) should be a Run or a Mixture, but is \(item.brief)",
            argument: 2)
        }
      }
    }
    let region =
      try call.optional(4) { try call.double($0) } ?? law.surrogate.validation?.rmse ?? 0
    return .domain(
      PlotValue(
        LawFigures.ternary(
          law, over: names, measured: measured, region: region, title: try call.string(3))))
  }

  private static let bars = NativeFunction(
    FunctionSignature(
      "bars",
      [
        ParameterDeclaration(
          "values", .record, "Names and numbers, or names and [value, low, high]."),
        ParameterDeclaration("label", .string, default: "\"\"", "What the numbers measure."),
        ParameterDeclaration(
          "reference", .float, default: "none", "A value to compare with, drawn as a line."),
        titleParameter,
      ], returns: .domain("Plot"), family: name, "Draws named values, with intervals if given.",
      examples: [
        Example("bars({a: 0.3, b: [0.4, 0.35, 0.45]}, title: \"t\")", prints: "Plot \"t\"")
      ]
    )
  ) { call in
    let record = try call.record(0)
    let bars = try record.entries.map { key, value -> BarChart.Bar in
      if let number = value.number { return BarChart.Bar(number) }
      let parts = try numbers(value, key, call)
      guard parts.count == 3 else {
        throw call.fail("E0420", "\"\(key)\" should be a number or [value, low, high]", argument: 0)
      }
      return BarChart.Bar(parts[0], low: parts[1], high: parts[2])
    }
    let reference = try call.optional(2) { try call.double($0) }
    return .domain(
      PlotValue(
        Figure(
          title: try call.string(3),
          content: .bars(
            BarChart(
              categories: record.names, groups: [BarChart.Group("", bars: bars)],
              axis: Axis(try call.string(1)), mark: .point,
              reference: reference.map { Chart.Reference("", at: $0) })))))
  }

  private static let sparkline = NativeFunction(
    FunctionSignature(
      "sparkline", [ParameterDeclaration("values", .list, "Numbers.")], returns: .string,
      family: name, "Draws numbers as one line of small bars.",
      examples: [Example("sparkline([1, 2, 3])", prints: "▁▅█")])
  ) { call in .string(Sparkline.text(try call.doubles(0))) }

  private static let saved: [ScriptType] = ["Plot", "Policy", "Sheet", "Image", "Example"].map {
    .domain($0)
  }

  private static let save = NativeFunction(
    FunctionSignature(
      "save",
      [
        ParameterDeclaration(
          "value",
          .either(saved), "What to save; of an example its first image."),
        ParameterDeclaration(
          "path", .string, "A file ending in .png or .svg for a picture, a folder for a policy."),
      ], returns: .string, family: name,
      "Saves a picture or a policy; the file appears whole or not at all. Gives the path.",
      examples: [
        Example(
          "save(plot([1, 2]), path_join(temporary_folder(), \"line.svg\")) |> basename",
          prints: "line.svg"),
        Example(
          "save(dataset(load(\"mini\"), \"coco\")[0], path_join(temporary_folder(), \"a.png\")) |> basename",
          prints: "a.png"),
      ]), form: .both(saved)
  ) { call in
    let path = try call.string(1)
    switch try call.datum(0) {
    case .domain(let plot as PlotValue):
      try Files.makeFolder(of: path, call)
      try call.plotting { () throws(PlotError) in
        try FigureRenderer().write(plot.figure, to: path)
      }
    case .domain(let sheet as SheetValue):
      try call.savePNG("a sheet", to: path) { () throws(ImageError) in
        try sheet.image.encodedPNG()
      }
    case .domain(let image as ImageValue):
      try call.savePNG("an image", to: path) { image.png }
    case .domain(let value as ExampleValue):
      try call.savePNG("an image", to: path) { () throws(ImageError) in
        try value.example.image.decoded().encodedPNG()
      }
    case .domain(let policy as PolicyValue):
      try Files.makeFolder(of: path, call)
      try call.modelling { () throws(ModelError) in try policy.policy.save(folder: path) }
    default: break
    }
    return .string(path)
  }

  private static func display(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "display",
        [
          ParameterDeclaration("value", .any, "Anything."),
          ParameterDeclaration(
            "id", .string, default: "none",
            "A name: a later call with the same one replaces what is shown."),
        ], returns: .none, family: name,
        "Shows a value: pictures, tables and pages in the best form that the front end has.")
    ) { call in
      let value = try call.datum(0)
      if let show = call.options.show {
        show(value, call.text(0), try call.optional(1) { try call.string($0) })
      } else if case .domain(let plot as PlotValue) = value {
        let columns = context.plotColumns ?? 100
        let text = try call.plotting { () throws(PlotError) in
          try FigureRenderer().text(plot.figure, columns: min(columns, 120))
        }
        call.print(text + "\n")
      } else {
        call.print(call.text(0) + "\n")
      }
      return .none
    }
  }

  private static let clearOutput = NativeFunction(
    FunctionSignature(
      "clear_output",
      [
        ParameterDeclaration(
          "wait", .bool, default: "false", "Keeps what is shown until something new comes.")
      ], returns: .none, family: name,
      "Takes away what the running cell has shown; outside of notebooks nothing happens.",
      examples: [Example("clear_output()")])
  ) { call in
    call.options.clearOutput(try call.bool(0))
    return .none
  }
}
