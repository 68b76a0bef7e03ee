import MDMModels
import MDMRuntime
import MDMStore
import MDMTraining

/// Finds the policy of a run that the store keeps.
///
/// A checkpoint has the weights that learn. Their shapes, the words and what does not learn are those of the
/// policy that the run began with: `mini`, what an earlier run of the store made, or what is given.
struct KeptPolicy {
  let call: NativeCall
  let store: RunStore
  /// A policy that the run, or one of those before it, began with.
  let given: Policy?

  /// The policy of the one run that the id of a run or job stands for.
  static func of(
    _ id: String, _ base: Policy?, _ context: BuiltinContext, _ call: NativeCall
  ) throws -> Datum {
    guard let recorder = context.recorder else {
      throw call.fail("E0705", "runs are not kept in this session", argument: 0)
    }
    let found = try call.storing { () throws(StoreError) in try recorder.find(id) }
    guard found.count == 1 else {
      throw call.fail(
        "E0705", "the job \(id) has \(found.count) runs",
        hint: "attach(\"…\") names one of them", argument: 0)
    }
    let kept = KeptPolicy(call: call, store: recorder.store, given: base)
    return .domain(PolicyValue(try kept.policy(of: found[0]), name: "run \(found[0].id)"))
  }

  /// - Parameter depth: How many runs stand between this one and that which was asked for.
  func policy(of run: StoredRun, depth: Int = 0) throws -> Policy {
    guard run.hasCheckpoint else {
      throw call.fail(
        "E0705", "the run \(run.id) has no checkpoint",
        hint:
          "one is written after ten seconds and at the end; `checkpoint: 10` writes one every 10 steps",
        argument: 0)
    }
    let base = try base(of: run, depth)
    do throws(ModelError) {
      guard let weights = try TensorFile.read(run.checkpoint)["weights"] else {
        throw .malformedSafetensors(reason: "has no weights of a run")
      }
      return try base.learned(weights)
    } catch {
      throw call.fail(
        "E0704", "cannot read the policy of the run \(run.id), \(run.checkpoint): \(error.message)",
        hint: error.hint, argument: 0)
    }
  }

  private func base(of run: StoredRun, _ depth: Int) throws -> Policy {
    let fingerprint = run.base
    if let given, given.fingerprint == fingerprint { return given }
    let mini = try call.policy("mini")
    if mini.fingerprint == fingerprint { return mini }
    let maker = try call.storing { () throws(StoreError) in
      try store.maker(of: fingerprint, before: run.id)
    }
    if let maker, depth < 100 { return try policy(of: maker, depth: depth + 1) }
    throw call.fail(
      "E0705",
      "the run \(run.id) began with the policy \(fingerprint), which "
        + (given.map { "is not `base`, \($0.fingerprint), and which " } ?? "")
        + "no run of the store made",
      hint: "give it: policy(attach(\"\(run.id)\"), base: policy(\"…\"))",
      argument: given == nil ? 0 : 1)
  }
}
