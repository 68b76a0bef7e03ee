import Foundation
import MDMJSON

/// Requests that wait for the machine, first come first served.
final class ScoreQueue: @unchecked Sendable {
  struct Job: Sendable {
    let reward: String
    let items: [JSONNode]
    let reply: CheckedContinuation<[ItemScore], any Error>
  }

  private let condition = NSCondition()
  private let limit: Int
  // Guarded by the condition.
  private var waiting: [Job] = []
  private var isClosed = false

  init(limit: Int) { self.limit = limit }

  /// How many requests wait.
  var count: Int { condition.withLock { waiting.count } }

  /// The scores, when the machine has come to them.
  ///
  /// - Throws: `ServiceFault` where the queue is full or closed.
  func scores(_ reward: String, _ items: [JSONNode]) async throws -> [ItemScore] {
    try await withCheckedThrowingContinuation { reply in
      let fault: ServiceFault? = condition.withLock {
        if isClosed { return ServiceFault(503, "the server is going away") }
        if waiting.count >= limit {
          return ServiceFault(503, "\(limit) requests wait already; try again")
        }
        waiting.append(Job(reward: reward, items: items, reply: reply))
        condition.signal()
        return nil
      }
      if let fault { reply.resume(throwing: fault) }
    }
  }

  /// Works on the jobs, on the machine's thread, until the queue is closed and empty.
  func work(_ score: (Job) -> [ItemScore]) {
    while let job = next() { job.reply.resume(returning: score(job)) }
  }

  private func next() -> Job? {
    condition.withLock {
      while waiting.isEmpty && !isClosed { condition.wait() }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }

  /// Takes no more jobs.
  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }
}
