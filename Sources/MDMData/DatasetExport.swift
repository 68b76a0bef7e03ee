import MDMImages
import MDMJSON
import MDMParquet

/// Writes a dataset as the Parquet file that a trainer in Python reads.
///
/// Source: TRL, "Dataset formats and types" (conversational prompts with images); verl, "Prepare
/// Data for Post-Training"; datasets' features in the file's metadata.
public enum DatasetExport: String, Sendable, CaseIterable {
  /// `prompt` (messages), `images`, `answer`, `solution`.
  case trl
  /// `data_source`, `prompt`, `images`, `ability`, `reward_model`, `extra_info`.
  case verl

  private static let messages = ParquetType.list(
    .record([.init("role", .text), .init("content", .text)]))

  var columns: [ParquetType.Field] {
    switch self {
    case .trl:
      [
        .init("prompt", Self.messages), .init("images", .list(.image)), .init("answer", .text),
        .init("solution", .text), .init("options", .list(.text)), .init("id", .text),
        .init("domain", .text),
      ]
    case .verl:
      [
        .init("data_source", .text), .init("prompt", Self.messages), .init("images", .list(.image)),
        .init("ability", .text),
        .init("reward_model", .record([.init("style", .text), .init("ground_truth", .text)])),
        .init(
          "extra_info",
          .record([
            .init("split", .text), .init("index", .int), .init("question", .text),
            .init("answer", .text), .init("id", .text),
          ])),
      ]
    }
  }

  /// Writes the file piece by piece.
  ///
  /// - Throws: `DataError` where an image cannot be read, and what `write` throws.
  public func write(
    _ dataset: Dataset, interrupted: () -> Bool = { false }, to write: ([UInt8]) throws -> Void
  ) throws {
    var writer = ParquetWriter(columns: columns, metadata: [("huggingface", features)])
    for index in 0..<dataset.count {
      if interrupted() { throw DataError.interrupted }
      writer.append(try row(dataset[index], index, dataset))
      let piece = writer.takeFinished()
      if !piece.isEmpty { try write(piece) }
    }
    try write(writer.finish())
  }

  private func row(
    _ example: Example, _ index: Int, _ dataset: Dataset
  ) throws(DataError) -> [ParquetValue] {
    var images: [ParquetValue] = []
    for image in example.images {
      do throws(ImageError) {
        // What is shown smaller than it is stored is written as it is shown.
        let bytes =
          try image.longestSide == nil ? image.fileBytes() : image.decoded().encodedPNG()
        images.append(.record([("bytes", .bytes(bytes)), ("path", .null)]))
      } catch { throw .badExample(id: example.id, error: error) }
    }
    let text = (example.template ?? .twoStep).text(example)
    let marks = String(repeating: "<image>", count: self == .verl ? images.count : 0)
    let prompt = ParquetValue.list([
      .record([("role", .text("user")), ("content", .text(marks + text))])
    ])
    switch self {
    case .trl:
      return [
        prompt, .list(images), .text(example.answer),
        .text("<answer> \(example.answer) </answer>"), .list(example.options.map { .text($0) }),
        .text(example.id), .text(example.domain),
      ]
    case .verl:
      return [
        .text(example.domain), prompt, .list(images), .text(example.kind.rawValue),
        .record([("style", .text("rule")), ("ground_truth", .text(example.answer))]),
        .record([
          ("split", .text(dataset.split.rawValue)), ("index", .int(Int64(index))),
          ("question", .text(example.question)), ("answer", .text(example.answer)),
          ("id", .text(example.id)),
        ]),
      ]
    }
  }

  /// The features by which `datasets` knows that the records of `images` are images.
  private var features: String {
    func feature(_ type: ParquetType) -> JSONNode {
      func value(_ name: String) -> JSONNode {
        .object([
          .init(name: "dtype", value: .string(name)), .init(name: "_type", value: .string("Value")),
        ])
      }
      switch type {
      case .bool: return value("bool")
      case .int: return value("int64")
      case .double: return value("float64")
      case .text: return value("string")
      case .bytes: return value("binary")
      case ParquetType.image: return .object([.init(name: "_type", value: .string("Image"))])
      case .list(let item): return .array([feature(item)])
      case .record(let fields):
        return .object(fields.map { .init(name: $0.name, value: feature($0.type)) })
      }
    }
    let all = JSONNode.object(columns.map { .init(name: $0.name, value: feature($0.type)) })
    let info = JSONNode.object([
      .init(name: "info", value: .object([.init(name: "features", value: all)]))
    ])
    return String(decoding: info.compact, as: UTF8.self)
  }
}
