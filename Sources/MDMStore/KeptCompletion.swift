import Foundation
import GRDB

/// A completion of a run that is kept for people to look at.
public struct KeptCompletion: Sendable, Equatable {
  /// From 1.
  public let step: Int
  public let domain: String
  /// The example's id.
  public let example: String
  public let prompt: String
  public let text: String
  public let reward: Double
  public let advantage: Double
  /// Whether it reached its end.
  public let isFinished: Bool
  /// What stands for the image: equal images have equal ones. Empty without an image.
  public let image: String
  /// The image as a PNG file; empty where nobody asked for it.
  public let png: [UInt8]

  public init(
    step: Int, domain: String, example: String, prompt: String, text: String, reward: Double,
    advantage: Double, isFinished: Bool, image: String, png: [UInt8]
  ) {
    self.step = step
    self.domain = domain
    self.example = example
    self.prompt = prompt
    self.text = text
    self.reward = reward
    self.advantage = advantage
    self.isFinished = isFinished
    self.image = image
    self.png = png
  }

  /// Adds it to a run; the bytes that it took.
  func insert(run: Int64, place: Int, _ db: Database) throws -> Int {
    var bytes = prompt.utf8.count + text.utf8.count + example.utf8.count + 64
    if !image.isEmpty {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO image VALUES (?, ?)")
        .execute(arguments: [image, Data(png)])
      if db.changesCount > 0 { bytes += png.count }
    }
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO completion VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        run, step, place, domain, example, prompt, text, reward.isNaN ? nil : reward,
        advantage.isNaN ? nil : advantage, isFinished, image.isEmpty ? nil : image,
      ])
    return bytes
  }

  static func fetch(_ db: Database, run: Int64) throws -> [KeptCompletion] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT step, domain, example, prompt, completion, reward, advantage, finished, image, png
        FROM completion LEFT JOIN image ON image.hash = completion.image
        WHERE run = ? ORDER BY step, place
        """, arguments: [run]
    ).map { row in
      let png: Data? = row["png"]
      return KeptCompletion(
        step: row["step"], domain: row["domain"], example: row["example"], prompt: row["prompt"],
        text: row["completion"], reward: row["reward"] ?? .nan, advantage: row["advantage"] ?? .nan,
        isFinished: row["finished"], image: row["image"] ?? "", png: png.map(Array.init) ?? [])
    }
  }

  /// The bytes that a run's completions and their images take.
  static func size(_ db: Database, run: Int64) throws -> Int {
    try Int.fetchOne(
      db,
      sql: """
        SELECT (SELECT coalesce(sum(64 + length(prompt) + length(completion) + length(example)), 0)
            FROM completion WHERE run = ?1)
          + (SELECT coalesce(sum(length(png)), 0) FROM image
            WHERE hash IN (SELECT image FROM completion WHERE run = ?1))
        """, arguments: [run]) ?? 0
  }

  static func removeUnusedImages(_ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM image WHERE NOT EXISTS "
        + "(SELECT 1 FROM completion WHERE completion.image = image.hash)")
  }
}
