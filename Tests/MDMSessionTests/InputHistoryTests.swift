import Foundation
import MDMSession
import Testing

@Suite struct InputHistoryTests {
  /// A path of its own for each test; the folder goes with it.
  final class Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
    /// Its folder is made by the first session.
    var path: String { folder.path + "/state/history.jsonl" }
    var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    func append(_ text: String) throws {
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
  }

  @Test func inputsSurviveTheirSession() throws {
    let place = Place()
    let inputs = ["let x = 1", "fn f() {\n  \"a\\n\"\n}", "größe \u{1F600}"]
    do {
      let history = InputHistory(path: place.path, source: "repl")
      for (index, input) in inputs.enumerated() {
        try history.append(input, number: index + 1, output: index == 0 ? "1" : nil)
      }
    }
    let found = InputHistory(path: place.path, source: "kernel").tail(10)
    #expect(found.map(\.input) == inputs)
    #expect(found.map(\.output) == ["1", nil, nil])
    #expect(found.map(\.number) == [1, 2, 3])
    #expect(found.allSatisfy { $0.session == 1 && $0.source == "repl" && $0.time > 1.7e9 })
  }

  @Test func theTailEndsWithTheNewest() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    for number in 1...5 { try history.append("\(number)", number: number) }
    #expect(history.tail(2).map(\.input) == ["4", "5"])
    #expect(history.tail(0).isEmpty)
  }

  @Test func everySessionHasItsOwnNumber() throws {
    let place = Place()
    let first = InputHistory(path: place.path, source: "repl")
    let second = InputHistory(path: place.path, source: "repl")
    #expect((first.session, second.session) == (1, 2))
    // An older session that writes later hides no number.
    try first.append("late", number: 1)
    #expect(InputHistory(path: place.path, source: "repl").session == 3)
  }

  @Test func manyAtOnceLoseNothing() async throws {
    let place = Place()
    let path = place.path
    let sessions = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let history = InputHistory(path: path, source: "repl", limit: 1000)
          for number in 1...50 { try? history.append("input \(number)", number: number) }
          return history.session
        }
      }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(sessions.count == 8)
    let history = InputHistory(path: place.path, source: "repl")
    #expect(history.tail(1000).count == 400)
    for session in sessions {
      #expect(history.range(session: session, from: 1).map(\.number) == Array(1...50))
    }
  }

  @Test func aRangeIsThatOfOneSession() throws {
    let place = Place()
    for session in 1...3 {
      let history = InputHistory(path: place.path, source: "repl")
      for number in 1...3 { try history.append("\(session).\(number)", number: number) }
    }
    let history = InputHistory(path: place.path, source: "repl")
    try history.append("4.1", number: 1)
    #expect(history.range(session: 2, from: 1, to: 3).map(\.input) == ["2.1", "2.2"])
    #expect(history.range(session: 0, from: 1).map(\.input) == ["4.1"])
    #expect(history.range(session: -1, from: 3).map(\.input) == ["3.3"])
    #expect(history.range(session: -3, from: 3).map(\.input) == ["1.3"])
    #expect(history.range(session: -4, from: 1).isEmpty)
    #expect(history.range(session: .min, from: 1).isEmpty)
  }

  @Test func aSearchTakesPatternsOfTheWholeInput() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    let inputs = ["let a = 1", "print(a)", "let b = 2", "let a = 1", "[a]"]
    for (index, input) in inputs.enumerated() { try history.append(input, number: index + 1) }
    #expect(history.search("let *").map(\.number) == [1, 3, 4])
    #expect(history.search("let *", isUnique: true).map(\.number) == [3, 4])
    #expect(history.search("let *", limit: 1).map(\.number) == [4])
    #expect(history.search("*a*", limit: 2).map(\.number) == [4, 5])
    #expect(history.search("let ? = [2-9]").map(\.number) == [3])
    #expect(history.search("[[]a]").map(\.number) == [5])
    #expect(history.search("let").isEmpty)
  }

  @Test func aLineThatWasCutOffIsPassedOver() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    try history.append("whole", number: 1)
    try place.append("{\"session\":7,\"number\":1,\"input\":\"cut")
    #expect(history.tail(10).map(\.input) == ["whole"])
    try history.append("next", number: 2)
    #expect(history.tail(10).map(\.input) == ["whole", "next"])
    #expect(InputHistory(path: place.path, source: "repl").session == 8)
  }

  @Test func foreignLinesDoNoHarm() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    try place.append("hello\n\n[1]\n{\"session\":99999999999999999999}\n{\"session\":-5}\n\u{0}\n")
    try history.append("next", number: 1)
    #expect(history.tail(10).map(\.input) == ["next"])
    #expect(InputHistory(path: place.path, source: "repl").session == 2)
  }

  @Test func aLongFileIsCutToItsNewestInputs() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl", limit: 10)
    let later = InputHistory(path: place.path, source: "repl", limit: 10)
    #expect(later.session == 2)
    for number in 1...19 { try history.append("\(number)", number: number) }
    let lines = place.text.split(separator: "\n").count
    #expect(lines < 20)
    #expect(history.tail(5).map(\.input) == ["15", "16", "17", "18", "19"])
    // The number of a session without inputs stays taken.
    #expect(InputHistory(path: place.path, source: "repl").session == 3)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/state")
    #expect(files == ["history.jsonl"])
  }

  @Test func longInputsCountForMore() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl", limit: 10)
    let long = String(repeating: "x", count: 9000)
    for number in 1...5 { try history.append("\(number)\(long)", number: number) }
    #expect(place.text.utf8.count < 20 * 1024)
    #expect(history.tail(1).first?.number == 5)
  }

  @Test func aHugeInputStaysInItsSession() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    let huge = String(repeating: "x", count: 2 << 20)
    try history.append(huge, number: 1)
    #expect(history.tail(1).first?.input == huge)
    #expect(place.text.utf8.count < 1000)
  }

  @Test func aFileThatCannotBeWrittenIsSaidAndTheSessionRemembers() throws {
    let place = Place()
    // A file where the folder should be: no rights can make that writable.
    try FileManager.default.createDirectory(at: place.folder, withIntermediateDirectories: true)
    try Data().write(to: place.folder.appending(path: "state"))
    let history = InputHistory(path: place.path, source: "repl")
    #expect(history.session == 1)
    #expect(throws: (any Error).self) { try history.append("1 + 1", number: 1) }
    #expect(history.tail(3).map(\.input) == ["1 + 1"])
    #expect(history.range(session: 0, from: 1).map(\.input) == ["1 + 1"])
  }

  @Test func withoutAPathNothingIsWritten() throws {
    let history = InputHistory(path: nil, source: "repl")
    try history.append("1 + 1", number: 1)
    #expect(history.search("1*").map(\.input) == ["1 + 1"])
  }

  @Test func theFileIsItsOwnersAlone() throws {
    let place = Place()
    let history = InputHistory(path: place.path, source: "repl")
    chmod(place.path, 0o644)
    try history.append("secret", number: 1)
    var status = stat()
    #expect(stat(place.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func aLinkToTheFileStaysALink() throws {
    let place = Place()
    _ = InputHistory(path: place.path, source: "repl")
    let link = place.folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.path)
    let history = InputHistory(path: link, source: "repl", limit: 2)
    for number in 1...9 { try history.append("\(number)", number: number) }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == place.path)
    #expect(history.tail(1).map(\.input) == ["9"])
  }
}
