import MDMJSON

extension Notebook {
  /// The bytes of an `.ipynb` file of form 4.5, laid out as Jupyter does, so that both give the same
  /// file for the same notebook.
  public var ipynb: [UInt8] {
    JSONNode.object([
      .init(name: "cells", value: .array(cells.map(\.json))),
      .init(name: "metadata", value: .object(metadata)),
      .init(name: "nbformat", value: .integer(4)),
      .init(name: "nbformat_minor", value: .integer(5)),
    ]).indented
  }
}

extension NotebookCell {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = [
      .init(name: "cell_type", value: .string(kind.rawValue)),
      .init(name: "id", value: .string(id)), .init(name: "metadata", value: .object(metadata)),
      .init(name: "source", value: Self.lines(source)),
    ]
    if let attachments { members.append(.init(name: "attachments", value: attachments)) }
    if kind == .code {
      members.append(
        .init(
          name: "execution_count", value: executionCount.map { .integer(Int64($0)) } ?? .null))
      members.append(.init(name: "outputs", value: .array(outputs.map(\.json))))
    }
    return .object(members)
  }

  /// A text as a list of its lines, each with its end.
  fileprivate static func lines(_ text: String) -> JSONNode {
    var lines: [JSONNode] = []
    var line = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      line.append(scalar)
      // What Python's splitlines takes for the end of a line.
      switch scalar.value {
      case 0x0A, 0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029: break
      case 0x0D where index + 1 == scalars.count || scalars[index + 1] != "\n": break
      default: continue
      }
      lines.append(.string(String(line)))
      line = String.UnicodeScalarView()
    }
    if !line.isEmpty { lines.append(.string(String(line))) }
    return .array(lines)
  }
}

extension NotebookOutput {
  fileprivate var json: JSONNode {
    switch self {
    case .stream(let name, let text):
      .object([
        .init(name: "output_type", value: .string("stream")),
        .init(name: "name", value: .string(name)),
        .init(name: "text", value: NotebookCell.lines(text)),
      ])
    case .display(let data, let metadata):
      .object([
        .init(name: "output_type", value: .string("display_data")),
        .init(name: "data", value: Self.split(data)),
        .init(name: "metadata", value: .object(metadata)),
      ])
    case .result(let count, let data, let metadata):
      .object([
        .init(name: "output_type", value: .string("execute_result")),
        .init(name: "execution_count", value: count.map { .integer(Int64($0)) } ?? .null),
        .init(name: "data", value: Self.split(data)),
        .init(name: "metadata", value: .object(metadata)),
      ])
    case .error(let name, let value, let traceback):
      .object([
        .init(name: "output_type", value: .string("error")),
        .init(name: "ename", value: .string(name)), .init(name: "evalue", value: .string(value)),
        .init(name: "traceback", value: .array(traceback.map(JSONNode.string))),
      ])
    }
  }

  /// Texts become lists of lines; pictures in base64 stay whole.
  private static func split(_ data: [JSONNode.Member]) -> JSONNode {
    .object(
      data.map { part in
        guard let text = part.value.text,
          part.name.hasPrefix("text/") || part.name == "image/svg+xml"
            || part.name == "application/javascript"
        else { return part }
        return .init(name: part.name, value: NotebookCell.lines(text))
      })
  }
}
