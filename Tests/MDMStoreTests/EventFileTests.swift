import Foundation
import MDMStore
import Testing

/// TensorBoard's files, read back by their public description: scripts/parity asks TensorBoard itself.
@Suite struct EventFileTests {
  private let place = StorePlace()

  private func files(_ writer: RunWriter) throws -> [Data] {
    try FileManager.default.contentsOfDirectory(atPath: writer.folder)
      .filter { $0.hasPrefix("events.out.tfevents.") }.sorted()
      .map { try Data(contentsOf: URL(filePath: writer.folder + "/" + $0)) }
  }

  /// The messages of a file: length, its checksum, the message, its checksum.
  private func records(_ data: Data) -> [[UInt8]] {
    let bytes = Array(data)
    var (at, messages) = (0, [[UInt8]]())
    while at + 12 <= bytes.count {
      let length = bytes[at..<(at + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
      messages.append(Array(bytes[(at + 12)..<(at + 12 + length)]))
      at += 16 + length
    }
    #expect(at == bytes.count)
    return messages
  }

  @Test func aStepIsOneRecordAndATagEachMetric() throws {
    let writer = try place.writer()
    writer.add(step: 1, metrics: ["reward/mean": 0.5, "policy/kl": .nan])
    writer.add(step: 300, metrics: ["reward/mean": 0.25])
    let file = try #require(try files(writer).first)
    let messages = records(file)
    #expect(messages.count == 3)
    // Field 3 of the first: brain.Event:2. The clock stands before it in nine bytes.
    #expect(Array(messages[0].dropFirst(9)) == [0x1A, 13] + Array("brain.Event:2".utf8))
    // Step 300 in two bytes, then a summary of one value: the tag, and 0.25 as a Float.
    let value = [0x0A, 11] + Array("reward/mean".utf8) + [0x15, 0, 0, 0x80, 0x3E]
    let summary = [0x0A, UInt8(value.count)] + value
    #expect(
      Array(messages[2].dropFirst(9)) == [0x10, 0xAC, 0x02, 0x2A, UInt8(summary.count)] + summary)
    // The checksum of the first record's length, 24: CRC-32C, turned and shifted.
    #expect(Array(file[8..<12]) == [0xA3, 0x7F, 0x4B, 0x22])
  }

  @Test func aRunThatGoesOnSaysFromWhichStep() throws {
    let writer = try place.writer("1fan")
    for step in 1...3 { writer.add(step: step, metrics: ["a": 1]) }
    writer.end(status: "interrupted")
    let run = try #require(try place.store.run("1fan"))
    let next = try #require(try RunWriter.resume(run, in: place.store, after: 2, job: nil) { _ in })
    next.add(step: 3, metrics: ["a": 2])
    let all = try files(next)
    #expect(all.count == 2)
    let messages = records(try #require(all.last))
    // A session begins (field 7, status 1) at step 3.
    #expect(messages.count == 3)
    #expect(Array(messages[1].dropFirst(9)) == [0x10, 3, 0x3A, 2, 0x08, 1])
  }
}
