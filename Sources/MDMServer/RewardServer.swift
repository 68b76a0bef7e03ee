import FlyingFox
import FlyingSocks
import Foundation
import MDMJSON
import MDMRewards
import Synchronization

/// Scores completions over HTTP: `POST /v1/score`, `GET /v1/rewards`, `GET /v1/health`.
///
/// The rewards of a script run on the thread that calls `run`, one request after the other; the
/// built-in ones on the server's own threads.
public final class RewardServer: Sendable {
  public struct Options: Sendable {
    /// An IPv4 address; anything but 127.… needs a token.
    public var host = "127.0.0.1"
    /// 0 takes a free one.
    public var port: UInt16 = 8377
    /// What `Authorization: Bearer …` has to say; nil: nothing.
    public var token: String?
    /// The bytes of a body.
    public var bodyLimit = 64 << 20
    /// The items of a request.
    public var itemLimit = 10_000
    /// The requests that may wait for the script.
    public var queueLimit = 64
    /// What a script may do for one item, counted and not timed; for a request fifty times that.
    public var fuel = 20_000_000
    /// The seconds that a script may take for one request, where fuel does not end it.
    public var seconds = 120.0

    public init() {}

    /// Whether only programs of the same machine can connect.
    public var isLoopback: Bool { host.hasPrefix("127.") }
  }

  private let options: Options
  private let queue: ScoreQueue
  private let rewards: [RewardProgram.Reward]
  private let served = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private let running = Atomic<Int>(0)

  public init(_ options: Options, rewards: [RewardProgram.Reward]) {
    self.options = options
    self.rewards = rewards
    queue = ScoreQueue(limit: options.queueLimit)
  }

  /// Serves until SIGTERM or SIGINT: then nothing new is taken, what runs is answered.
  ///
  /// - Parameter onListening: Gets the port.
  /// - Throws: where the port cannot be opened.
  public func run(_ program: RewardProgram?, onListening: @escaping @Sendable (UInt16) -> Void)
    throws
  {
    let server = HTTPServer(
      config: .init(
        address: try sockaddr_in.inet(ip4: options.host, port: options.port),
        // A request that is computed must not be cut off by the clock of its connection.
        timeout: options.seconds + 30,
        sharedRequestBufferSize: 1 << 16, sharedRequestReplaySize: 1 << 16, logger: .disabled),
      handler: Handler(server: self))
    let failure = Mutex<(any Error)?>(nil)
    let serving = Task.detached { [self] in
      do { try await server.run() } catch {
        // Stopping closes the socket under what waits for connections: that is no failure.
        if !isStopping.load(ordering: .relaxed) { failure.withLock { $0 = error } }
      }
      queue.close()
    }
    Task.detached {
      guard (try? await server.waitUntilListening(timeout: 10)) != nil,
        let address = await server.listeningAddress
      else { return }
      if case .ip4(_, let port) = address { onListening(port) }
    }
    let signals = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        isStopping.store(true, ordering: .relaxed)
        Task.detached { [self] in
          // What runs is answered first; a closed listener alone would not end the wait for others.
          for _ in 0..<2_000 where running.load(ordering: .relaxed) > 0 {
            try? await Task.sleep(for: .milliseconds(10))
          }
          await server.stop(timeout: 0.5)
          queue.close()
        }
      }
      source.resume()
      return source
    }
    let limits = RewardProgram.Limits(fuel: options.fuel, seconds: options.seconds)
    queue.work { job in program?.score(job.reward, job.items, limits) ?? [] }
    for source in signals { source.cancel() }
    serving.cancel()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  // MARK: Requests

  private struct Handler: HTTPHandler {
    let server: RewardServer

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
      server.running.add(1, ordering: .relaxed)
      defer { server.running.subtract(1, ordering: .relaxed) }
      do {
        return Self.response(200, try await server.reply(to: request))
      } catch let fault as ServiceFault {
        return Self.response(
          fault.status, .object([.init(name: "error", value: .string(fault.message))]))
      }
    }

    private static func response(_ status: Int, _ body: JSONNode) -> HTTPResponse {
      let phrases = [
        200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 413: "Content Too Large", 415: "Unsupported Media Type",
        503: "Service Unavailable",
      ]
      var headers: [HTTPHeader: String] = [.contentType: "application/json"]
      // What is left of a body that was not read would be taken for the next request.
      if status == 413 || status == 401 { headers[.connection] = "close" }
      return HTTPResponse(
        statusCode: HTTPStatusCode(status, phrase: phrases[status] ?? "Error"),
        headers: HTTPHeaders(headers), body: Data(body.compact + [0x0A]))
    }
  }

  private func reply(to request: HTTPRequest) async throws -> JSONNode {
    if isStopping.load(ordering: .relaxed) { throw ServiceFault(503, "the server is going away") }
    try check(request)
    switch (request.method, request.path) {
    case (.GET, "/v1/health"):
      return .object([
        .init(name: "status", value: .string("ok")), .init(name: "version", value: .integer(1)),
        .init(name: "served", value: .integer(Int64(served.load(ordering: .relaxed)))),
        .init(name: "waiting", value: .integer(Int64(queue.count))),
      ])
    case (.GET, "/v1/rewards"): return catalogue
    case (.POST, "/v1/score"):
      let request = try ScoreRequest(try await body(of: request), itemLimit: options.itemLimit)
      let scores = try await scores(of: request)
      served.add(scores.count, ordering: .relaxed)
      return ItemScore.reply(request.reward, scores)
    case (_, "/v1/health"), (_, "/v1/rewards"), (_, "/v1/score"):
      throw ServiceFault(405, "\(request.path) does not take \(request.method.rawValue)")
    default:
      throw ServiceFault(
        404, "there is no \(request.path.prefix(60)): /v1/score, /v1/rewards, /v1/health")
    }
  }

  /// Who may ask: holders of the token, and no page of a browser.
  private func check(_ request: HTTPRequest) throws(ServiceFault) {
    if let token = options.token {
      let given = request.headers[.authorization] ?? ""
      guard Self.areEqual(given, "Bearer \(token)") else {
        throw ServiceFault(401, "the header `Authorization: Bearer TOKEN` is missing or wrong")
      }
    }
    // A page cannot send this content type to another origin without asking first.
    if request.headers[HTTPHeader("Origin")] != nil {
      throw ServiceFault(403, "requests from pages of a browser are not served")
    }
    if request.method == .POST {
      let type = request.headers[.contentType] ?? ""
      guard type.lowercased().hasPrefix("application/json") else {
        throw ServiceFault(415, "the body has to be application/json")
      }
    }
  }

  /// Takes the same time wherever the texts differ.
  private static func areEqual(_ a: String, _ b: String) -> Bool {
    let (x, y) = (Array(a.utf8), Array(b.utf8))
    var difference = x.count ^ y.count
    for index in y.indices { difference |= Int(y[index] ^ (index < x.count ? x[index] : 0)) }
    return difference == 0
  }

  private func body(of request: HTTPRequest) async throws -> [UInt8] {
    let limit = options.bodyLimit
    let fault = ServiceFault(413, "the body is larger than \(limit) bytes")
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
      throw fault
    }
    var bytes: [UInt8] = []
    for try await part in request.bodySequence {
      bytes += part
      if bytes.count > limit { throw fault }
    }
    return bytes
  }

  private func scores(of request: ScoreRequest) async throws -> [ItemScore] {
    if rewards.contains(where: { $0.name == request.reward }) {
      guard request.settings.isEmpty else {
        throw ServiceFault(400, "rewards of a script have no settings")
      }
      return try await queue.scores(request.reward, request.items)
    }
    guard let measure = RewardCatalogue.measure(request.reward) else {
      throw ServiceFault(
        404, "there is no reward \(request.reward.prefix(60)); GET /v1/rewards lists those that are"
      )
    }
    let service = try MeasureService(measure, settings: request.settings)
    return request.items.map(service.score)
  }

  private var catalogue: JSONNode {
    func entry(_ name: String, _ range: (Double?, Double?), _ takes: [String], _ isScript: Bool)
      -> JSONNode
    {
      .object([
        .init(name: "name", value: .string(name)),
        .init(name: "low", value: range.0.map { .number($0) } ?? .null),
        .init(name: "high", value: range.1.map { .number($0) } ?? .null),
        .init(name: "takes", value: .array(takes.map { .string($0) })),
        .init(name: "script", value: .bool(isScript)),
      ])
    }
    let own = rewards.map { entry($0.name, ($0.low, $0.high), ["completion", "example"], true) }
    let measures = RewardCatalogue.measures.map {
      entry(
        $0.function, ($0.range.lowerBound, $0.range.upperBound), $0.parameters.map(\.name), false)
    }
    return .object([
      .init(name: "version", value: .integer(1)),
      .init(name: "rewards", value: .array(own + measures)),
    ])
  }
}
