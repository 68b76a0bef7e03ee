import Glibc
import MDMBuiltins
import MDMImages
import MDMPlots

/// Draws pictures in the terminal, in the best form that it has.
///
/// The terminal is asked when the first picture comes, never before: the prompt does not wait.
final class Pictures {
  private var known: PictureForm?
  private var warning: String?

  /// What `MDM_PLOT` or the terminal says.
  var form: PictureForm {
    if let known { return known }
    let form = Self.chosen(&warning)
    known = form
    return form
  }

  /// What is wrong with `MDM_PLOT`, once.
  func takeWarning() -> String? {
    defer { warning = nil }
    return warning
  }

  /// A value's picture as text for the terminal; nil where it has none, or none can be shown.
  ///
  /// - Throws: `PlotError` where a figure cannot be drawn.
  func text(of value: Presentation) throws(PlotError) -> String? {
    if let figure = value.figure { return try text(figure, title: value.text) }
    if let png = value.png { return image(png) }
    return nil
  }

  private func text(_ figure: Figure, title: String) throws(PlotError) -> String? {
    let columns = Terminal.width
    let usesColor = Terminal.usesColor(on: 1)
    switch form {
    case .off: return nil
    case .sixel:
      let scale = Self.scale(figure.naturalSize.width)
      let bytes = try FigureRenderer().data(figure, as: .sixel(scale: scale))
      return String(decoding: bytes, as: UTF8.self) + "\n"
    case .kitty:
      let scale = Self.scale(figure.naturalSize.width)
      return Self.kitty(try FigureRenderer().data(figure, as: .png(scale: scale)))
    case .braille:
      if let drawn = try figure.braille(columns: min(columns, 120), isColored: usesColor) {
        return drawn
      }
      fallthrough
    case .dumb:
      return try FigureRenderer().text(
        figure, columns: min(columns, 120), isColored: usesColor && form == .braille)
    }
  }

  private func image(_ png: [UInt8]) -> String? {
    switch form {
    case .kitty: return Self.kitty(png)
    case .sixel: return (try? RGBImage.decode(png)).map { $0.sixel() + "\n" }
    case .braille:
      // Half blocks are nothing without their colours.
      let isTrueColor = Self.variable("COLORTERM") != nil
      let has256 = Self.variable("TERM")?.contains("256color") ?? false
      guard Terminal.usesColor(on: 1), isTrueColor || has256 else { return nil }
      return (try? RGBImage.decode(png))?.halfBlocks(
        columns: min(Terminal.width - 1, 100), isTrueColor: isTrueColor)
    case .dumb, .off: return nil
    }
  }

  // MARK: Choosing

  private static func chosen(_ warning: inout String?) -> PictureForm {
    let isUnicode = Self.isUnicode
    if let wanted = variable("MDM_PLOT") {
      if let form = PictureForm(rawValue: wanted.lowercased()) { return form }
      let all = PictureForm.allCases.map(\.rawValue).joined(separator: ", ")
      warning = "MDM_PLOT is \(wanted), which is none of \(all)"
    }
    let term = variable("TERM") ?? "dumb"
    guard Terminal.isTerminal(1), term != "dumb" else { return .dumb }
    // A multiplexer answers for itself: what the terminal around it can show does not help. It
    // takes kitty's question for a title.
    let isMultiplexed =
      variable("TMUX") != nil || term.hasPrefix("screen") || term.hasPrefix("tmux")
    return PictureForm(
      answers: TerminalQuery.answers(asksForKitty: !isMultiplexed), isUnicode: isUnicode)
  }

  private static var isUnicode: Bool {
    let locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? ""
    // The prompt's editor falls back to UTF-8 where nothing is set.
    return locale.isEmpty || locale == "C" || locale == "POSIX"
      || locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: Writing

  /// A figure's scale at which it fits the terminal, where that tells its width in pixels.
  private static func scale(_ width: Int) -> Double {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_xpixel > 0 else { return 1 }
    return min(1.5, max(0.5, Double(size.ws_xpixel) * 0.9 / Double(width)))
  }

  /// A PNG file in pieces of 4096 characters, as kitty's protocol wants it.
  private static func kitty(_ png: [UInt8]) -> String {
    let text = Array(base64(png))
    var result = ""
    for start in stride(from: 0, to: text.count, by: 4096) {
      let end = min(start + 4096, text.count)
      let head = start == 0 ? "f=100,a=T," : ""
      result += "\u{1b}_G\(head)m=\(end < text.count ? 1 : 0);"
      result += String(decoding: text[start..<end], as: UTF8.self) + "\u{1b}\\"
    }
    return result + "\n"
  }

  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 4 / 3 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = 0
      for byte in group { bits = bits << 8 | Int(byte) }
      bits <<= 8 * (3 - group.count)
      for place in 0..<4 {
        text.append(
          place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }
}
