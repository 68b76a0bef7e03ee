import Glibc

/// Turns figures into pictures: files, bytes, or text for a terminal.
///
/// Every picture is drawn by a gnuplot of its own (about 30 ms), so a renderer is a plain value and
/// pictures may be drawn from several threads.
public struct FigureRenderer: Sendable {
  /// The gnuplot to start, looked up on PATH.
  public var program: String
  /// Where pictures are drawn before they are read.
  public var temporaryFolder: String

  /// A renderer; the folder for passing files defaults to `TMPDIR`, else `/tmp`.
  public init(program: String = "gnuplot", temporaryFolder: String? = nil) {
    self.program = program
    let inherited = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    self.temporaryFolder = temporaryFolder ?? (inherited.isEmpty ? "/tmp" : inherited)
  }

  /// Writes a figure to a file whose ending, `.png` or `.svg`, says which kind it is.
  ///
  /// The file appears whole or not at all, and an older one is replaced.
  public func write(_ figure: Figure, to path: String, scale: Double = 2) throws(PlotError) {
    let terminal: PlotTerminal
    if path.lowercased().hasSuffix(".png") {
      terminal = .png(scale: scale)
    } else if path.lowercased().hasSuffix(".svg") {
      terminal = .svg
    } else {
      throw .unknownFormat(path: path)
    }
    try Self.store(try data(figure, as: terminal), at: path)
  }

  /// The bytes of a picture: a PNG or SVG file's, or UTF-8 text.
  public func data(_ figure: Figure, as terminal: PlotTerminal) throws(PlotError) -> [UInt8] {
    let drawn = try figure.script(for: terminal)
    if terminal.isText {
      return Array(try GnuplotProcess(program: program).run(drawn).utf8)
    }
    var template = Array("\(temporaryFolder)/mdm-figure-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .unwritable(path: temporaryFolder, reason: String(cString: strerror(errno)))
    }
    let folder = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = folder + "/figure"
    defer {
      unlink(path)
      rmdir(folder)
    }
    var script = GnuplotScript()
    script.add("set output \(GnuplotScript.quoted(path))")
    // gnuplot opens the output when the terminal is known, and closes it when told to.
    let said = try GnuplotProcess(program: program).run(
      drawn.followed(by: "set output", after: script))
    let bytes = try Self.contents(of: path)
    guard !bytes.isEmpty else { throw .gnuplot(said.isEmpty ? "it drew nothing" : said) }
    return terminal == .svg ? Self.withFontWeights(bytes) : bytes
  }

  /// An SVG for a page: without a ground of its own, and light or dark as the reader's scheme is.
  public func pageSVG(_ figure: Figure) throws(PlotError) -> [UInt8] {
    ColorScheme.following(try data(figure, as: .svg))
  }

  // gnuplot's SVG terminal writes the weight into the font's name, where no viewer looks for it.
  private static func withFontWeights(_ bytes: [UInt8]) -> [UInt8] {
    let family = "font-family=\"DejaVu Sans"
    return Array(
      String(decoding: bytes, as: UTF8.self)
        .replacing("\(family):Bold\"", with: "\(family), sans-serif\" font-weight=\"bold\"")
        .replacing("\(family)\"", with: "\(family), sans-serif\"").utf8)
  }

  /// The figure drawn with characters.
  /// - Parameters:
  ///   - columns: the terminal's width; `rows` defaults to a readable share of it.
  public func text(
    _ figure: Figure, columns: Int, rows: Int? = nil, isColored: Bool = false
  ) throws(PlotError) -> String {
    let height = rows ?? figure.textRows(columns: columns)
    let bytes = try data(
      figure, as: .text(columns: columns, rows: height, isColored: isColored))
    // gnuplot pads every row to full width: blanks at the ends only wrap in narrow terminals.
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { line in
      var line = line
      while line.last == " " || line.last == "\u{c}" { line.removeLast() }
      return String(line.first == "\u{c}" ? line.dropFirst() : line)
    }
    let first = lines.firstIndex { !$0.isEmpty } ?? 0
    let last = lines.lastIndex { !$0.isEmpty } ?? 0
    return lines[first...last].joined(separator: "\n") + "\n"
  }

  private static func contents(of path: String) throws(PlotError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .gnuplot("it drew nothing") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .unwritable(path: path, reason: String(cString: strerror(errno)))
      }
      if count == 0 { return bytes }
      bytes += buffer[0..<count]
    }
  }

  /// Writes beside the target and renames, so that nobody reads half a picture.
  private static func store(_ bytes: [UInt8], at path: String) throws(PlotError) {
    func failure() -> PlotError {
      .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    var template = Array("\(path).XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw failure() }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    let draft = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        let error = failure()
        close(file)
        unlink(draft)
        throw error
      }
      written += count
    }
    let mask = umask(0)
    umask(mask)
    fchmod(file, 0o666 & ~mask)
    guard close(file) == 0, rename(draft, path) == 0 else {
      let error = failure()
      unlink(draft)
      throw error
    }
  }
}

extension GnuplotScript {
  /// The script with the output named right after the terminal, and closed at the end.
  fileprivate func followed(by last: String, after output: GnuplotScript) -> GnuplotScript {
    var result = GnuplotScript()
    for step in steps {
      result.append(step)
      if case .command(let line) = step, line.hasPrefix("set terminal") {
        for opening in output.steps { result.append(opening) }
      }
    }
    result.add(last)
    return result
  }
}

extension Figure {
  /// Rows of text that show the content well in a width.
  func textRows(columns: Int) -> Int {
    let share = min(max(columns * 3 / 10, 16), 40)
    switch content {
    case .bars(let bars):
      let rows = bars.categories.count * (bars.groups.count > 1 ? bars.groups.count + 1 : 1)
      return max(rows + 7, 10)
    case .chart(let chart):
      return max(share, chart.showsLegend ? chart.series.count + 7 : 0)
    case .ternary: return max(share, 22)
    case .heat(let map): return max(map.rows.count + 4, 8)
    case .panels(let figures, let across):
      let down = (figures.count + max(across, 1) - 1) / max(across, 1)
      return min(down * 14 + 3, 400)
    }
  }
}
