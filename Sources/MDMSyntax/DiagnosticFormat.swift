import MDMJSON

/// How diagnostics are written: for people, for editors and scripts, or for GitHub's pages.
public enum DiagnosticFormat: String, Sendable, CaseIterable {
  /// The excerpt with the culprit underlined.
  case text
  /// One JSON object a line.
  case json
  /// GitHub workflow commands, which become annotations of a pull request.
  case github
}

extension DiagnosticRenderer {
  /// A diagnostic in a format, its line ends included.
  public func render(_ diagnostic: Diagnostic, as format: DiagnosticFormat) -> String {
    switch format {
    case .text: render(diagnostic)
    case .json: json(diagnostic) + "\n"
    case .github: Self.annotation(diagnostic) + "\n"
    }
  }

  /// `::error file=a.mdm,line=3,…::message`.
  ///
  /// Source: the escaping of @actions/core, packages/core/src/command.ts in actions/toolkit.
  static func annotation(_ diagnostic: Diagnostic) -> String {
    let command =
      switch diagnostic.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    var properties: [(String, String)] = []
    if let (source, span) = diagnostic.place {
      let start = source.position(of: Int(span.start))
      let end = source.position(of: max(Int(span.start), Int(span.end)))
      properties = [
        ("file", source.name), ("line", "\(start.line)"), ("endLine", "\(end.line)"),
      ]
      // Columns are for spans of one line.
      if start.line == end.line {
        properties += [("col", "\(start.column)"), ("endColumn", "\(end.column)")]
      }
    }
    properties.append(("title", diagnostic.code))
    var lines = [diagnostic.message]
    if let hint = diagnostic.hint { lines.append("hint: \(hint)") }
    lines += diagnostic.notes.map { "note: \($0)" }
    for frame in diagnostic.trace {
      let place = frame.source.position(of: Int(frame.span.start))
      lines.append("in `\(frame.function)` at \(frame.source.name):\(place.line):\(place.column)")
    }
    let list = properties.map { "\($0.0)=\(escaped($0.1, isProperty: true))" }
    return "::\(command) \(list.joined(separator: ","))::"
      + escaped(lines.joined(separator: "\n"), isProperty: false)
  }

  private static func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
