import Glibc
import MDMREPL
import Testing

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mdm-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in ["history", "figure.png", "figure.svg"] { unlink(path + "/" + name) }
    rmdir(path)
  }
}

@Suite struct HistoryTests {
  @Test func entriesSurviveWithTheirLineBreaks() throws {
    let folder = try TemporaryFolder()
    let file = HistoryFile(path: folder.path + "/history")
    #expect(try file.load() == [])
    let entries = ["let x = 1", "fn f() {\n  \"a\\n\"\n}", "größe"]
    for entry in entries { try file.append(entry) }
    #expect(try file.load() == entries)
  }

  @Test func theFileIsItsOwnersAlone() throws {
    let folder = try TemporaryFolder()
    let file = HistoryFile(path: folder.path + "/history")
    try file.append("secret")
    chmod(file.path, 0o644)
    try file.append("more")
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func anEntryCutOffByACrashDoesNotSwallowTheNext() throws {
    let folder = try TemporaryFolder()
    let file = HistoryFile(path: folder.path + "/history")
    try file.append("whole")
    let descriptor = open(file.path, O_WRONLY | O_APPEND)
    #expect(write(descriptor, "cut", 3) == 3)
    close(descriptor)
    try file.append("next")
    #expect(try file.load() == ["whole", "cut", "next"])
  }

  @Test func aLongFileIsCutToItsNewestEntries() throws {
    let folder = try TemporaryFolder()
    let file = HistoryFile(path: folder.path + "/history", limit: 3)
    for number in 0..<6 { try file.append("\(number)") }
    #expect(try file.load() == ["3", "4", "5"])
    #expect(try file.load() == ["3", "4", "5"])
  }

  @Test func anUnreadableFileIsATypedError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: LineEditorError.self) { try HistoryFile(path: folder.path).append("x") }
  }

  @Test func aWalkShowsWhatStartsLikeTheDraft() {
    var walk = HistoryWalk(
      entries: ["train(1)", "load()", "train(2)", "train(2)"], prefix: "tr", draft: "tr")
    #expect(walk.goBack() && walk.current == "train(2)")
    #expect(walk.goBack() && walk.current == "train(1)")
    let isPastOldest = walk.goBack()
    #expect(!isPastOldest)
    #expect(walk.goForward() && walk.current == "train(2)")
    #expect(walk.goForward() && walk.current == "tr")
    let isPastDraft = walk.goForward()
    #expect(!isPastDraft)
  }
}
