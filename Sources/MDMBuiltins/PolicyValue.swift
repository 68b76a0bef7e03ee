import MDMModels
import MDMRuntime

/// A policy as scripts hold it; it never changes.
final class PolicyValue: FieldedValue {
  let policy: Policy
  let name: String

  init(_ policy: Policy, name: String) {
    self.policy = policy
    self.name = name
  }

  var typeName: String { "Policy" }

  static let fields: [(name: String, read: @Sendable (PolicyValue) -> Datum)] = [
    ("name", { .string($0.name) }),
    ("parameters", { .int($0.policy.parameterCount) }),
    ("trainable", { .int($0.policy.trainableCount) }),
    ("vocabulary", { .strings($0.policy.tokenizer.vocabulary) }),
    ("fingerprint", { .string($0.policy.fingerprint) }),
  ]

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? PolicyValue)?.policy.fingerprint == policy.fingerprint
  }

  func display(_ width: Int) -> String {
    "Policy \(name): \(policy.parameterCount) parameters, "
      + (policy.hasAdapter ? "an adapter of \(policy.trainableCount), " : "")
      + "\(policy.tokenizer.count) tokens, \(policy.fingerprint)"
  }
}

extension NativeCall {
  /// The policy of a name or a folder; of an adapter's folder, the adapter on its base.
  func policy(_ source: String) throws -> Policy {
    if source == "mini" { return try modelling { () throws(ModelError) in try mini() } }
    do throws(ModelError) {
      guard let base = try Policy.base(ofAdapter: source) else { return try Policy(folder: source) }
      return try (base == "mini" ? mini() : Policy(folder: base)).adapted(folder: source)
    } catch {
      throw fail(
        "E0704", "cannot load the policy \(source): \(error.message)", hint: error.hint,
        argument: 0)
    }
  }

  private func mini() throws(ModelError) -> Policy {
    var files: [String: [UInt8]] = [:]
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
      files[name] = EmbeddedFiles.bytes("models/mini/\(name)").map(Array.init)
    }
    let policy = try Policy(files: files)
    policy.origin = "mini"
    return policy
  }

  /// Runs a step of `MDMModels`; its error becomes one of this call.
  func modelling<T>(_ body: () throws(ModelError) -> T) throws -> T {
    do { return try body() } catch { throw fail("E0704", error.message, hint: error.hint) }
  }
}
