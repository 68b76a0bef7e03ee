import MDMRuntime
import MDMTables
import MDMTraining

/// An evaluation as tables.
enum EvaluationTables {
  private static func names(
    _ reading: Evaluation.Reading
  ) -> (drawn: String, read: String) {
    (reading.isGreedy ? "greedy" : "sampled", reading.isLenient ? "lenient" : "strict")
  }

  /// Every score with its interval: a row for each split, drawing, reading and metric.
  static func scores(_ evaluation: Evaluation) -> Datum {
    let rows = evaluation.splits.flatMap { split in
      Evaluation.Reading.allCases.flatMap { reading in
        Evaluation.Metric.allCases.map { metric in
          (
            split: split, reading: reading, metric: metric,
            estimate: split.estimate(metric, reading)
          )
        }
      }
    }
    func column(_ read: (Int) -> Cell) -> Column {
      ColumnBuilder.column(rows.indices.map(read))
    }
    return value([
      ("split", column { .text(rows[$0].split.name) }),
      ("drawn", column { .text(names(rows[$0].reading).drawn) }),
      ("read", column { .text(names(rows[$0].reading).read) }),
      (
        "metric",
        column {
          .text(
            rows[$0].metric == .own
              ? rows[$0].split.ownMetric : rows[$0].split.isBox ? "iou" : "exact match")
        }
      ),
      ("own", column { .bool(rows[$0].metric == .own) }),
      ("score", column { .float(rows[$0].estimate.value) }),
      ("low", column { .float(rows[$0].estimate.lower) }),
      ("high", column { .float(rows[$0].estimate.upper) }),
      ("n", column { .int(Int64(rows[$0].estimate.count)) }),
    ])
  }

  /// What was said: a row for each example's greedy answer and each of its samples.
  static func items(_ evaluation: Evaluation) -> Datum {
    var rows: [(split: String, item: Evaluation.Item, sample: Int)] = []
    for split in evaluation.splits {
      for item in split.items {
        for sample in -1..<item.sampled.count { rows.append((split.name, item, sample)) }
      }
    }
    func column(_ read: ((split: String, item: Evaluation.Item, sample: Int)) -> Cell) -> Column {
      ColumnBuilder.column(rows.map(read))
    }
    func score(_ metric: Evaluation.Metric, isLenient: Bool) -> Column {
      column { row in
        let reading = Evaluation.Reading(isGreedy: row.sample < 0, isLenient: isLenient)
        let values = row.item.scores[metric]?[reading] ?? []
        let place = max(row.sample, 0)
        return values.indices.contains(place) ? .float(values[place]) : .missing
      }
    }
    return value([
      ("split", column { .text($0.split) }), ("id", column { .text($0.item.id) }),
      ("question", column { .text($0.item.question) }), ("gold", column { .text($0.item.gold) }),
      ("drawn", column { .text($0.sample < 0 ? "greedy" : "sampled") }),
      ("sample", column { .int(Int64(max($0.sample, 0))) }),
      (
        "said", column { $0.sample < 0 ? .text($0.item.greedy) : .text($0.item.sampled[$0.sample]) }
      ),
      ("strict", score(.exact, isLenient: false)), ("lenient", score(.exact, isLenient: true)),
      ("own_strict", score(.own, isLenient: false)), ("own_lenient", score(.own, isLenient: true)),
    ])
  }

  private static func value(_ columns: [(name: String, column: Column)]) -> Datum {
    (try? Table(columns)).map(TableBuiltins.value) ?? .none
  }
}

extension Evaluation.Split {
  /// Whether it asks for boxes.
  fileprivate var isBox: Bool { items.first?.kind == .box }
}
