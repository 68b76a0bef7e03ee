import MDMBuiltins
import MDMJSON
import MDMPlots
import MDMSyntax

/// Makes a cell's outputs of what it shows: text of one stream in one piece, names that replace what
/// was shown under them, and a bound on it all.
public struct OutputCollector {
  public private(set) var outputs: [NotebookOutput] = []
  /// The outputs that `display(x, id:)` may replace, by id.
  private var places: [String: Int] = [:]
  /// `clear_output(wait: true)` waits for the next output.
  private var clearsNext = false
  private var size = 0
  private var isFull = false
  private let limit: Int

  /// - Parameter limit: the bytes that one cell may show.
  public init(limit: Int = 10 << 20) { self.limit = limit }

  /// Adds text of `stdout` or `stderr`.
  public mutating func add(_ text: String, to stream: String) {
    guard let text = admit(text) else { return }
    if case .stream(stream, let before)? = outputs.last {
      outputs[outputs.count - 1] = .stream(name: stream, text: before + text)
    } else {
      outputs.append(.stream(name: stream, text: text))
    }
  }

  /// Adds what `display` shows; under an id that this cell has shown it replaces that.
  public mutating func add(_ presentation: Presentation, id: String?) {
    let data = data(presentation)
    guard admit(data) else { return }
    let output = NotebookOutput.display(data: data, metadata: [])
    if let id, let place = places[id] {
      outputs[place] = output
    } else {
      if let id { places[id] = outputs.count }
      outputs.append(output)
    }
  }

  /// Adds the value of the last expression.
  public mutating func add(result presentation: Presentation, count: Int) {
    let data = data(presentation)
    if admit(data) { outputs.append(.result(count: count, data: data, metadata: [])) }
  }

  /// Adds what ended the cell. An error is never left out.
  public mutating func add(_ error: Diagnostic) {
    let lines = DiagnosticRenderer(colour: true).render(error)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    outputs.append(
      .error(
        name: error.code, value: error.message,
        traceback: lines.last?.isEmpty == true ? lines.dropLast() : lines))
  }

  /// Takes away what was shown; `wait` keeps it until something new comes.
  public mutating func clear(wait: Bool) {
    clearsNext = wait
    if !wait { removeAll() }
  }

  private mutating func removeAll() {
    outputs = []
    places = [:]
    clearsNext = false
    size = 0
    isFull = false
  }

  // MARK: The bound

  /// As much of a text as may still be shown; nil where nothing may.
  private mutating func admit(_ text: String) -> String? {
    if clearsNext { removeAll() }
    guard !isFull else { return nil }
    size += text.utf8.count
    guard size > limit else { return text }
    isFull = true
    let kept = text.utf8.count - (size - limit)
    return String(decoding: text.utf8.prefix(max(0, kept)), as: UTF8.self)
      + "\n… this cell's output was cut here, at \(limit / (1 << 20)) MiB\n"
  }

  private mutating func admit(_ data: [JSONNode.Member]) -> Bool {
    if clearsNext { removeAll() }
    guard !isFull else { return false }
    size += data.reduce(0) { $0 + $1.value.byteCount }
    guard size > limit else { return true }
    isFull = true
    outputs.append(
      .stream(
        name: "stderr",
        text: "a picture or table was left out here: this cell shows more than "
          + "\(limit / (1 << 20)) MiB\n"))
    return false
  }

  private func data(_ presentation: Presentation) -> [JSONNode.Member] {
    let bundle: MediaBundle
    do {
      bundle = try presentation.bundle()
    } catch {
      // The text is still there, and the reason.
      bundle = MediaBundle([
        .init("text/plain", .text("\(presentation.text)\n\(error.description)"))
      ])
    }
    return bundle.parts.map { part in
      switch part.content {
      case .text(let text): .init(name: part.type, value: .string(text))
      case .bytes(let bytes): .init(name: part.type, value: .string(Base64.text(bytes) + "\n"))
      case .json(let node): .init(name: part.type, value: node)
      }
    }
  }
}

extension JSONNode {
  /// About as many bytes as its text has.
  fileprivate var byteCount: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .array(let items): items.reduce(2) { $0 + $1.byteCount + 1 }
    case .object(let members): members.reduce(2) { $0 + $1.name.utf8.count + $1.value.byteCount }
    default: 8
    }
  }
}
