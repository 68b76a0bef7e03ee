import Foundation
import Testing

/// What a user, file or reward can get wrong ends in a sentence with a place, never in a crash.
@Suite struct BadInputTests {
  private func fails(
    _ code: String, in folder: URL? = nil, _ words: String...,
    place: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Executable.run(["-e", code], in: folder)
    #expect(result.status == 1 && !result.wasSignalled, sourceLocation: place)
    for word in words {
      #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: place)
    }
  }

  @Test(arguments: [("nan", "nan"), ("[1]", "List"), ("2.0", "2.0"), ("none", "None")])
  func aRewardThatBreaksItsContract(_ value: String, _ shown: String) throws {
    try fails(
      """
      reward fn odd(completion, example) -> 0..1 { \(value) }
      train(policy("mini"), uniform(load("mini")), steps: 1, reward: odd)
      """, "E0703", "`odd`", shown, "domain")
  }

  private func dataset(_ line: String, image: Data? = nil) throws -> URL {
    let folder = try Executable.temporaryFolder()
    try Data((line + "\n").utf8).write(to: folder.appending(path: "train.jsonl"))
    if let image { try image.write(to: folder.appending(path: "a.png")) }
    return folder
  }

  /// A contact sheet is a PNG file as good as any.
  private func picture() throws -> Data {
    let folder = try Executable.temporaryFolder()
    _ = try Executable.run(
      ["-e", "save(contact_sheet(load(\"mini\").train[0], rows: 1, columns: 1), \"a.png\")"],
      in: folder)
    return try Data(contentsOf: folder.appending(path: "a.png"))
  }

  @Test func filesOfOnesOwnAreLoaded() throws {
    let folder = try dataset(
      #"{"image": "a.png", "question": "which", "answer": "B", "options": ["x", "y"]}"#,
      image: try picture())
    let result = try Executable.run(["-p", "load(\".\").train[0][0].answer"], in: folder)
    #expect(result.output == "B\n", "\(result.errors)")
  }

  @Test func aMissingImage() throws {
    let folder = try dataset(#"{"image": "a.png", "question": "q", "answer": "red"}"#)
    try fails("load(\".\")", in: folder, "E0702", "train.jsonl:1", "image")
  }

  @Test func aTruncatedImage() throws {
    let folder = try dataset(
      #"{"image": "a.png", "question": "q", "answer": "red"}"#, image: try picture().prefix(200))
    try fails("load(\".\")", in: folder, "E0702", "train.jsonl:1", "a.png")
  }

  @Test func aBoxOutsideTheImage() throws {
    let folder = try dataset(
      #"{"image": "a.png", "question": "q", "box": [0, 0, 99999, 10]}"#, image: try picture())
    try fails("load(\".\")", in: folder, "E0702", "train.jsonl:1", "box", "outside the image")
  }

  @Test func aBrokenLine() throws {
    try fails(
      "load(\".\")", in: try dataset(#"{"image": "a.png", "#), "E0702", "train.jsonl:1")
  }

  @Test func aCorruptCheckpoint() throws {
    let folder = try Executable.temporaryFolder()
    _ = try Executable.run(["-e", "save(policy(\"mini\"), \"p\")"], in: folder)
    let path = folder.appending(path: "p/model.safetensors")
    let whole = try Data(contentsOf: path)
    #expect(try Executable.run(["-p", "policy(\"p\").name"], in: folder).output == "p\n")
    try whole.prefix(100_000).write(to: path)
    try fails("policy(\"p\")", in: folder, "E0704", "policy p", "safetensors")
    try Data("nonsense".utf8).write(to: folder.appending(path: "p/config.json"))
    try fails("policy(\"p\")", in: folder, "E0704", "policy p")
    try fails("policy(\"nowhere\")", in: folder, "E0704", "nowhere")
  }

  @Test func aFullDiskLosesNothing() throws {
    let folder = try Executable.temporaryFolder()
    _ = try Executable.run(["-e", "save(policy(\"mini\"), \"p\")"], in: folder)
    let before = try Data(contentsOf: folder.appending(path: "p/model.safetensors"))
    // A file size limit of 64 KiB fails writes as a full disk does.
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = [
      "-c",
      "trap '' XFSZ; ulimit -f 64; exec '\(Executable.root.path)/.build/release/mdm' "
        + "-e 'save(policy({seed: 0}), \"p\")'",
    ]
    shell.currentDirectoryURL = folder
    let pipe = Pipe()
    shell.standardError = pipe
    try shell.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 1 && shell.terminationReason == .exit)
    #expect(errors.contains("E0704"), "\(errors)")
    #expect(try Data(contentsOf: folder.appending(path: "p/model.safetensors")) == before)
    #expect(try Executable.run(["-p", "policy(\"p\").name"], in: folder).output == "p\n")
  }
}
