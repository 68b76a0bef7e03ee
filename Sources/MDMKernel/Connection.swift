import MDMJSON

/// Where a kernel listens, and the keys that messages are checked with: a connection file.
public struct Connection: Sendable, Equatable {
  /// How clients reach it.
  public enum Transport: String, Sendable { case tcp, ipc }

  /// The five sockets, as connection files name their ports.
  public enum Channel: String, Sendable, CaseIterable {
    case shell = "shell_port"
    case iopub = "iopub_port"
    case stdin = "stdin_port"
    case control = "control_port"
    case heartbeat = "hb_port"
  }

  public var transport: Transport
  /// An address, or for `ipc` the beginning of paths.
  public var ip: String
  /// A port of 0 is chosen when it is bound.
  public var ports: [Channel: Int]
  /// What messages are signed with; empty: they are not.
  public var key: [UInt8]
  /// CurveZMQ's public and secret key as Z85 text, where connections are encrypted.
  public var curve: CurveKeys?
  public var kernelName: String

  /// A pair of keys as Z85 text of 40 characters.
  public struct CurveKeys: Sendable, Equatable {
    public var publicKey: String
    public var secretKey: String

    public init(publicKey: String, secretKey: String) {
      self.publicKey = publicKey
      self.secretKey = secretKey
    }
  }

  /// A place on this machine alone, with ports to be chosen.
  public init(key: [UInt8], kernelName: String = "mdm") {
    transport = .tcp
    ip = "127.0.0.1"
    ports = [:]
    self.key = key
    self.kernelName = kernelName
  }

  /// Reads a connection file.
  ///
  /// - Parameter path: for messages.
  /// - Throws: `KernelError` where a field is missing or impossible.
  public init(_ bytes: [UInt8], path: String) throws(KernelError) {
    func fault(_ reason: String) -> KernelError { .connection(path: path, reason: reason) }
    let node: JSONNode
    do throws(JSONError) {
      node = try JSONNode(parsing: bytes)
    } catch {
      throw fault("is no JSON: \(error)")
    }
    guard node.members != nil else { throw fault("holds \(node.kind) instead of an object") }
    func text(_ name: String) throws(KernelError) -> String? {
      guard let value = node[name], value != .null else { return nil }
      guard let text = value.text else {
        throw fault("has \(value.kind) as \(name) instead of a string")
      }
      return text
    }
    let transport = try text("transport") ?? "tcp"
    guard let known = Transport(rawValue: transport) else {
      throw fault("asks for the transport \(transport); there are tcp and ipc")
    }
    self.transport = known
    ip = try text("ip") ?? (known == .tcp ? "127.0.0.1" : "kernel")
    guard !ip.isEmpty else { throw fault("has an empty ip") }
    ports = [:]
    for channel in Channel.allCases {
      guard let port = node[channel.rawValue] else { throw fault("has no \(channel.rawValue)") }
      guard let number = port.integer, (0...65535).contains(number) || known == .ipc && number >= 0
      else { throw fault("has no port as \(channel.rawValue)") }
      ports[channel] = number
    }
    let scheme = try text("signature_scheme") ?? "hmac-sha256"
    let isSigned = try text("key").map { !$0.isEmpty } ?? false
    guard scheme == "hmac-sha256" || !isSigned else {
      throw fault("asks for signatures by \(scheme); mdm knows hmac-sha256")
    }
    key = Array((try text("key") ?? "").utf8)
    kernelName = try text("kernel_name") ?? "mdm"
    switch (try text("curve_publickey"), try text("curve_secretkey")) {
    case (nil, nil): break
    case (let publicKey?, let secretKey?):
      guard publicKey.utf8.count == 40, secretKey.utf8.count == 40 else {
        throw fault("has CURVE keys that are not 40 characters of Z85")
      }
      curve = CurveKeys(publicKey: publicKey, secretKey: secretKey)
    default: throw fault("has one of curve_publickey and curve_secretkey, and needs both")
    }
  }

  /// The address of a channel, for binding or connecting.
  public func address(of channel: Channel) -> String {
    let port = ports[channel] ?? 0
    switch transport {
    case .ipc: return "ipc://\(ip)-\(port)"
    case .tcp:
      let host = ip.contains(":") && !ip.hasPrefix("[") ? "[\(ip)]" : ip
      return "tcp://\(host):\(port == 0 ? "*" : "\(port)")"
    }
  }

  /// The connection as the bytes of a file.
  public var bytes: [UInt8] {
    var members: [JSONNode.Member] = [
      .init(name: "transport", value: .string(transport.rawValue)),
      .init(name: "ip", value: .string(ip)),
    ]
    for channel in Channel.allCases {
      members.append(
        .init(name: channel.rawValue, value: .integer(Int64(ports[channel] ?? 0))))
    }
    members += [
      .init(name: "key", value: .string(String(decoding: key, as: UTF8.self))),
      .init(name: "signature_scheme", value: .string("hmac-sha256")),
      .init(name: "kernel_name", value: .string(kernelName)),
    ]
    if let curve {
      members.append(.init(name: "curve_publickey", value: .string(curve.publicKey)))
      members.append(.init(name: "curve_secretkey", value: .string(curve.secretKey)))
    }
    return JSONNode.object(members).compact + [0x0A]
  }
}
