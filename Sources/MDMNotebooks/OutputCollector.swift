import MDMBuiltins
import MDMJSON
import MDMPlots
import MDMSyntax

/// Makes a cell's outputs of what it shows: text of one stream in one piece, names that replace what
/// was shown under them, and a bound on it all.
public struct OutputCollector {
  /// Pictures are drawn at the end: of a thousand plots under one name only the last is seen.
  private enum Item {
    case output(NotebookOutput)
    case shown(Presentation)
    case result(Presentation, count: Int)
  }

  private var items: [Item] = []
  /// The stream that goes on: its text grows in place.
  private var stream: (name: String, text: String)?
  /// The items that `display(x, id:)` may replace, by id.
  private var places: [String: Int] = [:]
  /// `clear_output(wait: true)` waits for the next output.
  private var clearsNext = false
  /// The bytes of all streams, and about those of what waits to be drawn.
  private var size = 0
  private var waiting = 0
  private var isCut = false
  private var isFull = false
  private let limit: Int

  /// What is shown anew under ids that earlier cells have shown.
  public private(set) var updates: [String: Presentation] = [:]

  /// - Parameter limit: the bytes that one cell may show.
  public init(limit: Int = 10 << 20) { self.limit = limit }

  /// Adds text of `stdout` or `stderr`.
  public mutating func add(_ text: String, to name: String) {
    if clearsNext { removeAll() }
    guard !isCut, !text.isEmpty else { return }
    if stream?.name != name { endStream() }
    let text = cut(text)
    if stream == nil { stream = (name, text) } else { stream?.text += text }
  }

  private mutating func endStream() {
    guard let stream else { return }
    items.append(.output(.stream(name: stream.name, text: stream.text)))
    // Streams that take turns at every letter cost more than their letters.
    size += 100
    self.stream = nil
  }

  /// As much of a text as may still be shown.
  private mutating func cut(_ text: String) -> String {
    size += text.utf8.count
    guard size > limit else { return text }
    isCut = true
    let kept = text.utf8.count - (size - limit)
    return String(decoding: text.utf8.prefix(max(0, kept)), as: UTF8.self)
      + "\n… this cell's output was cut here, at \(bound)\n"
  }

  /// Adds what `display` shows; under an id that was shown before it replaces that.
  public mutating func add(_ presentation: Presentation, id: String?, isUpdate: Bool = false) {
    if clearsNext { removeAll() }
    if let id, let place = places[id] {
      items[place] = .shown(presentation)
    } else if let id, isUpdate {
      updates[id] = presentation
    } else {
      endStream()
      let place = items.count
      if wait(presentation, as: .shown(presentation)), let id { places[id] = place }
    }
  }

  /// Adds the value of the last expression.
  public mutating func add(result presentation: Presentation, count: Int) {
    if clearsNext { removeAll() }
    endStream()
    _ = wait(presentation, as: .result(presentation, count: count))
  }

  /// Keeps what is to be drawn, as long as there can be room for it.
  private mutating func wait(_ presentation: Presentation, as item: Item) -> Bool {
    waiting +=
      200 + presentation.text.utf8.count + (presentation.html?.utf8.count ?? 0)
      + (presentation.png?.count ?? 0)
    isFull = isFull || waiting > limit
    if !isFull { items.append(item) }
    return !isFull
  }

  /// Adds what ended the cell. An error is never left out.
  public mutating func add(_ error: Diagnostic) {
    let lines = DiagnosticRenderer(colour: true).render(error)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    endStream()
    items.append(
      .output(
        .error(
          name: error.code, value: error.message,
          traceback: lines.last?.isEmpty == true ? lines.dropLast() : lines)))
  }

  /// Takes away what was shown; `wait` keeps it until something new comes.
  public mutating func clear(wait: Bool) {
    clearsNext = wait
    if !wait { removeAll() }
  }

  private mutating func removeAll() {
    items = []
    stream = nil
    places = [:]
    clearsNext = false
    (size, waiting) = (0, 0)
    (isCut, isFull) = (false, false)
  }

  // MARK: The end

  /// The outputs, pictures drawn, and where in them the ids are.
  public func finished() -> (outputs: [NotebookOutput], places: [String: Int]) {
    var outputs: [NotebookOutput] = []
    var found: [String: Int] = [:]
    let names = Dictionary(uniqueKeysWithValues: places.map { ($0.value, $0.key) })
    // Streams have a bound of their own.
    var size = 0
    var isDone = false
    let items = items + (stream.map { [.output(.stream(name: $0.name, text: $0.text))] } ?? [])
    for (index, item) in items.enumerated() {
      let output: NotebookOutput
      switch item {
      case .output(let written):
        outputs.append(written)
        continue
      case .shown where isDone, .result where isDone: continue
      case .shown(let presentation):
        output = .display(data: Self.data(of: presentation), metadata: [])
      case .result(let presentation, let count):
        output = .result(count: count, data: Self.data(of: presentation), metadata: [])
      }
      size += (output.data ?? []).reduce(0) { $0 + $1.value.byteCount }
      isDone = size > limit
      if isDone {
        outputs.append(leftOut)
      } else {
        if let name = names[index] { found[name] = outputs.count }
        outputs.append(output)
      }
    }
    if isFull, !isDone { outputs.append(leftOut) }
    return (outputs, found)
  }

  private var leftOut: NotebookOutput {
    .stream(
      name: "stderr",
      text: "pictures or tables were left out here: this cell shows more than \(bound)\n")
  }

  private var bound: String {
    limit % (1 << 20) == 0 ? "\(limit >> 20) MiB" : "\(limit) bytes"
  }

  /// A value's contents by media type.
  static func data(of presentation: Presentation) -> [JSONNode.Member] {
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
