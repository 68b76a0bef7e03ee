import MDMBuiltins
import MDMJSON
import Synchronization

/// Where the outputs of cells go: as messages to whoever asked for the cell, up to a limit for each.
///
/// Any thread may write: what a background job prints belongs to the cell that ran last.
final class CellOutput: Sendable {
  private struct State {
    var parent: [UInt8]?
    var cell = 0
    var left = 0
    var messagesLeft = 0
    var isSilent = false
    var isCut = false
  }

  private let state = Mutex(State())
  private let publisher: Publisher
  private let limit: Int
  private let columns: Int
  /// What the display ids of progress lines begin with.
  private let name = "mdm-progress-" + MessageWriter.uniqueName()

  /// Each display is drawn anew by the front end, so that a cell has no more of them.
  static let messageLimit = 5000

  init(_ publisher: Publisher, limit: Int, columns: Int) {
    self.publisher = publisher
    self.limit = limit
    self.columns = columns
  }

  /// A cell begins.
  ///
  /// - Parameter isSilent: its request wants to see nothing.
  func begin(parent: [UInt8], isSilent: Bool) {
    state.withLock { state in
      state.parent = parent
      state.cell += 1
      state.left = limit
      state.messagesLeft = Self.messageLimit
      state.isSilent = isSilent
      state.isCut = false
    }
  }

  /// The cell is over: its progress line goes.
  func end() { live("") }

  func write(_ text: String, to stream: Publisher.Stream) {
    switch take(text.utf8.count, messages: 0) {
    case .all(let parent): publisher.write(text, to: stream, parent: parent)
    case .cut(let parent, let rest):
      // No half characters.
      var end = text.utf8.index(text.startIndex, offsetBy: rest)
      while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
      publisher.write(String(text[..<end]), to: stream, parent: parent)
      sayCut(parent)
    case .nothing: break
    }
  }

  func live(_ text: String) {
    let (parent, cell, isSilent) = state.withLock { ($0.parent, $0.cell, $0.isSilent) }
    guard let parent, !isSilent else { return }
    publisher.live(text, display: "\(name)-\(cell)", parent: parent)
  }

  func present(_ presentation: Presentation, id: String?, isUpdate: Bool) {
    let (data, metadata) = bundle(presentation)
    var members: [JSONNode.Member] = [
      .init(name: "data", value: data), .init(name: "metadata", value: metadata),
    ]
    if let id {
      members.append(.init(name: "transient", value: .of(("display_id", .string(id)))))
    }
    send(
      isUpdate && id != nil ? "update_display_data" : "display_data", .object(members),
      size: Self.size(data))
  }

  func clear(_ wait: Bool) {
    send("clear_output", .of(("wait", .bool(wait))), size: 0)
  }

  /// Sends the value of a cell; the limit holds for it too.
  func result(_ presentation: Presentation, number: Int) {
    let (data, metadata) = bundle(presentation)
    send(
      "execute_result",
      .of(
        ("execution_count", .integer(Int64(number))), ("data", data), ("metadata", metadata)),
      size: Self.size(data))
  }

  private func send(_ type: String, _ content: JSONNode, size: Int) {
    switch take(size, messages: 1) {
    case .all(let parent): publisher.send(type, content, parent: parent)
    case .cut(let parent, _): sayCut(parent)
    case .nothing: break
    }
  }

  /// All forms of a value as a message carries them; its text alone where a picture cannot be drawn.
  func bundle(_ presentation: Presentation) -> (data: JSONNode, metadata: JSONNode) {
    do {
      return MessageBundle.nodes(
        try presentation.bundle(columns: columns), isDoubled: presentation.figure != nil)
    } catch {
      let plain = MediaBundle([.init("text/plain", .text("\(presentation.text)\n\(error.message)"))]
      )
      return MessageBundle.nodes(plain, isDoubled: false)
    }
  }

  /// What the cell may still send of some bytes and messages.
  private enum Grant {
    case all(parent: [UInt8])
    /// The limit is reached with these bytes, which is to be said once.
    case cut(parent: [UInt8], rest: Int)
    case nothing
  }

  private func take(_ bytes: Int, messages: Int) -> Grant {
    state.withLock { state in
      guard let parent = state.parent, !state.isSilent, !state.isCut else { return .nothing }
      guard bytes <= state.left, messages <= state.messagesLeft else {
        state.isCut = true
        return .cut(parent: parent, rest: min(bytes, state.left))
      }
      state.left -= bytes
      state.messagesLeft -= messages
      return .all(parent: parent)
    }
  }

  private func sayCut(_ parent: [UInt8]) {
    let amount =
      limit >= 1_000_000 ? "\(limit / 1_000_000) MB" : "\(limit) bytes"
    publisher.write(
      "\nmdm: this cell's outputs are cut here: it may send \(amount) and \(Self.messageLimit) "
        + "displays. Write more to a file (write_text, write_csv), or start the kernel with a larger "
        + "--output-limit.\n",
      to: .stderr, parent: parent)
  }

  private static func size(_ node: JSONNode) -> Int {
    switch node {
    case .string(let text): text.utf8.count
    case .array(let items): items.reduce(2) { $0 + size($1) + 1 }
    case .object(let members): members.reduce(2) { $0 + $1.name.utf8.count + size($1.value) + 4 }
    default: 8
    }
  }
}
