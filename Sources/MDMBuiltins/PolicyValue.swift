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
    ("vocabulary", { .strings($0.policy.tokenizer.vocabulary) }),
    ("fingerprint", { .string($0.policy.fingerprint) }),
  ]

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? PolicyValue)?.policy.fingerprint == policy.fingerprint
  }

  func display(_ width: Int) -> String {
    "Policy \(name): \(policy.parameterCount) parameters, \(policy.tokenizer.count) tokens, "
      + policy.fingerprint
  }
}

extension NativeCall {
  /// Runs a step of `MDMModels`; its error becomes one of this call.
  func modelling<T>(_ body: () throws(ModelError) -> T) throws -> T {
    do { return try body() } catch { throw fail("E0704", error.message, hint: error.hint) }
  }
}
