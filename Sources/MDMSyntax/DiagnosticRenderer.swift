import MDMJSON

/// Renders diagnostics for terminals, in the one layout of all front ends (rustc's).
public struct DiagnosticRenderer: Sendable {
  /// Whether to use ANSI colours.
  public var colour: Bool
  /// Whether to name `mdm explain` under each error.
  public var namesExplanation: Bool
  /// Longer source lines are cut around the culprit, in columns.
  public var maximumWidth: Int
  /// More frames of a trace are not shown.
  public static let maximumFrames = 8

  public init(colour: Bool = false, namesExplanation: Bool = false, maximumWidth: Int = 160) {
    self.colour = colour
    self.namesExplanation = namesExplanation
    self.maximumWidth = max(20, maximumWidth)
  }

  /// The lines of a diagnostic, each with its end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let style: Style =
      switch diagnostic.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    let head = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", style)
    var text = head + paint(": \(diagnostic.message)", .strong) + "\n"
    var gutter = 0
    if let (source, span) = diagnostic.place {
      let excerpt = SourceExcerpt(source, span, maximumWidth: maximumWidth)
      gutter = excerpt.gutter
      let position = source.position(of: Int(span.start))
      let blank = String(repeating: " ", count: gutter)
      text += "\(blank)\(paint("-->", .frame)) \(source.name):\(position.line):\(position.column)\n"
      text += "\(blank) \(paint("|", .frame))\n"
      for line in excerpt.lines {
        let number = line.number.map { String($0) } ?? ""
        let padded = String(repeating: " ", count: max(0, gutter - number.count)) + number
        if line.isElision {
          text += paint("...", .frame) + (line.mark.isEmpty ? "" : " ") + paint(line.mark, style)
        } else {
          text += paint("\(padded) |", .frame)
          if !line.mark.isEmpty { text += " " + paint(line.mark, style) }
          if !line.text.isEmpty { text += (line.mark.isEmpty ? " " : "") + line.text }
        }
        text += "\n"
      }
    }
    let indent = String(repeating: " ", count: gutter + 1)
    if let hint = diagnostic.hint { text += item("hint", hint, indent) }
    for note in diagnostic.notes { text += item("note", note, indent) }
    text += trace(diagnostic.trace, indent)
    if namesExplanation, diagnostic.severity == .error {
      text += item("help", "mdm explain \(diagnostic.code)", indent)
    }
    return text
  }

  /// Several diagnostics with an empty line between them.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { render($0) }.joined(separator: "\n")
  }

  /// One line of JSON: severity, code, message, file, range, hint, notes, fixes and trace. Lines and
  /// columns count from 1, columns in Unicode scalars; a range ends before its end. File and range
  /// are left out where no source is involved, the hint where there is none.
  public func json(_ diagnostic: Diagnostic) -> String {
    var fields = [
      ("severity", JSONNode.quoted(diagnostic.severity.rawValue)),
      ("code", JSONNode.quoted(diagnostic.code)), ("message", JSONNode.quoted(diagnostic.message)),
    ]
    if let (source, span) = diagnostic.place { fields += Self.place(source, span) }
    if let hint = diagnostic.hint { fields.append(("hint", JSONNode.quoted(hint))) }
    fields.append(("notes", Self.array(diagnostic.notes.map(JSONNode.quoted))))
    let fixes = diagnostic.place.map { place in
      diagnostic.fixes.map { fix in
        Self.object([
          ("title", JSONNode.quoted(fix.title)), ("range", Self.range(place.source, fix.span)),
          ("replacement", JSONNode.quoted(fix.replacement)),
        ])
      }
    }
    fields.append(("fixes", Self.array(fixes ?? [])))
    let frames = diagnostic.trace.map { frame in
      Self.object(
        [("function", JSONNode.quoted(frame.function))] + Self.place(frame.source, frame.span))
    }
    fields.append(("trace", Self.array(frames)))
    return Self.object(fields)
  }

  private static func array(_ items: [String]) -> String {
    "[\(items.joined(separator: ", "))]"
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{\(fields.map { "\(JSONNode.quoted($0.0)): \($0.1)" }.joined(separator: ", "))}"
  }

  private static func place(_ source: SourceText, _ span: Span) -> [(String, String)] {
    [("file", JSONNode.quoted(source.name)), ("range", range(source, span))]
  }

  private static func range(_ source: SourceText, _ span: Span) -> String {
    func position(_ offset: Int) -> String {
      let (line, column) = source.position(of: offset)
      return object([("line", "\(line)"), ("column", "\(column)")])
    }
    let end = max(Int(span.start), Int(span.end))
    return object([("start", position(Int(span.start))), ("end", position(end))])
  }

  private func item(_ label: String, _ text: String, _ indent: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let blank = "\n\(indent)" + String(repeating: " ", count: label.count + 4)
    return "\(indent)\(paint("=", .frame)) \(paint("\(label):", .strong)) "
      + lines.joined(separator: blank) + "\n"
  }

  /// The frames with the innermost last; the outermost ones give way when there are too many.
  private func trace(_ frames: [Diagnostic.Frame], _ indent: String) -> String {
    guard !frames.isEmpty else { return "" }
    var lines: [String] = []
    if frames.count > Self.maximumFrames {
      lines.append("… \(frames.count - Self.maximumFrames) calls more")
    }
    for frame in frames.suffix(Self.maximumFrames) {
      let position = frame.source.position(of: Int(frame.span.start))
      lines.append(
        "`\(frame.function)` at \(frame.source.name):\(position.line):\(position.column)")
    }
    return item("trace", "innermost call last\n" + lines.joined(separator: "\n"), indent)
  }

  private enum Style: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case frame = "1;34"
    case strong = "1"
  }

  private func paint(_ text: String, _ style: Style) -> String {
    colour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
