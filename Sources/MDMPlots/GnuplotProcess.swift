import CGnuplot
import Glibc

/// One gnuplot that draws one script and goes.
struct GnuplotProcess: ~Copyable {
  private let process: OpaquePointer

  init(program: String) throws(PlotError) {
    var code: Int32 = 0
    guard let process = cgnuplot_start(program, &code) else {
      throw .gnuplotMissing(program: program, reason: String(cString: strerror(code)))
    }
    self.process = process
  }

  deinit { cgnuplot_stop(process) }

  /// Sends a script and waits until it has been worked through.
  /// - Returns: what gnuplot printed: a text picture and warnings.
  func run(_ script: GnuplotScript) throws(PlotError) -> String {
    for step in script.steps {
      let isSent =
        switch step {
        case .command(let line): cgnuplot_send(process, line + "\n") == 0
        case .data(let name, let columns, let rowLength):
          send(name, columns, rowLength: rowLength)
        }
      // What gnuplot said before it went is the better message.
      guard isSent else { break }
    }
    var bytes: UnsafeMutablePointer<CChar>?
    var length = 0
    let status = cgnuplot_synchronize(process, 60_000, &bytes, &length)
    defer { cgnuplot_free_text(bytes) }
    var text = ""
    if let bytes {
      let buffer = UnsafeBufferPointer(start: bytes, count: length)
      text = String(decoding: buffer.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard status == 0 else {
      let reason = status == -2 ? "no answer within a minute" : Self.trimmed(text)
      throw .gnuplotStopped(reason.isEmpty ? "it ended without a word" : reason)
    }
    if let refusal = Self.refusal(in: text) { throw .gnuplot(refusal) }
    return text
  }

  private func send(_ name: String, _ columns: [[Double]], rowLength: Int?) -> Bool {
    guard cgnuplot_send(process, GnuplotScript.opening(name) + "\n") == 0 else { return false }
    let values = columns.flatMap { $0 }
    return cgnuplot_send_columns(
      process, values, columns.count, columns.first?.count ?? 0, rowLength ?? 0) == 0
  }

  /// gnuplot reports `line N: reason` under a caret; warnings read `warning: …` and do no harm.
  private static func refusal(in text: String) -> String? {
    for line in text.split(separator: "\n") {
      guard let found = line.range(ofPart: "line "), let end = line.range(ofPart: ": "),
        found.upperBound < end.lowerBound,
        line[found.upperBound..<end.lowerBound].allSatisfy(\.isNumber)
      else { continue }
      let reason = trimmed(String(line[end.upperBound...]))
      if !reason.lowercased().hasPrefix("warning") { return reason }
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = \.isWhitespace
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}

extension Substring {
  /// The first place of a part: the standard library has no search without Foundation.
  fileprivate func range(ofPart part: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) {
        return start..<index(start, offsetBy: part.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
