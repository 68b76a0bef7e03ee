import Glibc
import MDMBuiltins
import MDMSyntax

/// Completion inside strings: keys, dataset names, paths.
extension SessionView {
  func completeText(
    _ context: CursorContext, _ source: SourceText, from start: Int, cursor: Int
  ) -> CompletionList {
    let text = source.text(start..<context.offset)
    let whole = CompletionList(start: cursor - text.unicodeScalars.count, end: cursor)
    // `x["`: the keys of a record or the columns of a table.
    if start > 1, source.bytes[start - 2] == UInt8(ascii: "["),
      let value = value(of: Self.chain(source, before: start - 2)), !value.fieldNames.isEmpty
    {
      var list = whole
      list.candidates = value.fieldNames.filter { $0.hasPrefix(text) }.map {
        .init($0, .field, type: value.field($0)?.typeName ?? "")
      }
      return list
    }
    var list = paths(text, whole)
    let names: [String]
    switch context.call?.name {
    case "policy"?: names = ["mini"]
    case "load"?: names = EmbeddedNames.suites
    default: names = text.isEmpty ? [] : EmbeddedNames.datasets
    }
    let datasets = names.filter { $0.hasPrefix(text) }.map {
      CompletionList.Candidate($0, .dataset, type: "dataset")
    }
    if !datasets.isEmpty {
      // Both replace from one place: paths then carry the folder that is written already.
      let folder = String(
        text[..<(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)])
      let others = list.candidates.map { candidate in
        var candidate = candidate
        candidate.text = folder + candidate.text
        return candidate
      }
      list = whole
      list.candidates = datasets + others
    }
    return list
  }

  /// The files and folders that begin like a path; folders end in a slash.
  private func paths(_ text: String, _ whole: CompletionList) -> CompletionList {
    let slash = text.lastIndex(of: "/")
    let folder = slash.map { String(text[...$0]) } ?? ""
    let name = slash.map { String(text[text.index(after: $0)...]) } ?? text
    var list = whole
    list.start = whole.end - name.unicodeScalars.count
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return list }
    defer { closedir(stream) }
    var found: [CompletionList.Candidate] = []
    while found.count < Self.pathLimit, let entry = readdir(stream) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard file.hasPrefix(name), file != ".", file != "..",
        !file.hasPrefix(".") || name.hasPrefix(".")
      else { continue }
      var status = stat()
      let isFolder = stat(folder + file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      found.append(
        .init(file + (isFolder ? "/" : ""), .path, type: isFolder ? "folder" : "file"))
    }
    list.candidates = found.sorted { $0.text < $1.text }
    return list
  }

  /// More files of a folder are not looked at.
  private static let pathLimit = 2000
}
