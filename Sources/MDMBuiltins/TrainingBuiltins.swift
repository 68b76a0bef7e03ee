import MDMData
import MDMDeclarations
import MDMMixtures
import MDMRuntime
import MDMTraining

/// Reinforcement learning on mixtures.
enum TrainingBuiltins: BuiltinFamily {
  static let name = "training"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [AlgorithmSetting.grpo, train(context), LedgerPlot.function]
  }

  private static func train(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "train",
        [
          ParameterDeclaration(
            "base", .domain("Policy"), "Where to start; also the KL's reference."),
          ParameterDeclaration(
            "mixture", .domain("Mixture"), "How often each domain's prompts are drawn."),
          ParameterDeclaration(
            "data", .domain("Suite"), default: "none",
            "The domains' examples; none takes the suite that the mixture was made from."),
          ParameterDeclaration("steps", .int, default: "100", "Optimiser steps."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
          ParameterDeclaration(
            "algorithm", .domain("Algorithm"), default: "none", "What `grpo` gave."),
          ParameterDeclaration(
            "reward", .either([.function, .list, .record]), default: "none",
            "A verifier or a `reward fn`; a list of them, or of [weight, function], that are added; a "
              + "record with one for each domain; none is the gated reward F (1 + 2 A)."),
          ParameterDeclaration(
            "evaluate", .int, default: "100",
            "Examples of each split that the trained policy is scored on; 0 for none."),
          ParameterDeclaration(
            "samples", .int, default: "2", "Completions sampled of each of them."),
          ParameterDeclaration(
            "resume", .either([.domain("Run"), .domain("Job")]), default: "none",
            "A partial run of the same arguments, or what `attach` finds of one: this one goes on "
              + "after its last step, to the bits of a run that was never interrupted."),
          ParameterDeclaration(
            "fresh", .bool, default: "false",
            "Trains even where a run of the same content is kept."),
          ParameterDeclaration(
            "checkpoint", .int, default: "0",
            "Steps between checkpoints; 0 writes them as often as a two-hundredth of the time "
              + "allows."),
          ParameterDeclaration(
            "keep", .int, default: "2", "Completions of each step that are kept to look at."),
          ParameterDeclaration(
            "stop_early", .record, default: "none",
            "Ends the run once a metric is no longer better: {metric: \"reward/mean\", patience: 50, "
              + "window: 10, least: 0.0, minimise: false}."),
        ], returns: .domain("Run"), family: name,
        "Trains a policy by reinforcement learning on a mixture; Ctrl-C gives the partial run.",
        examples: [
          Example(
            "train(policy(\"mini\"), uniform(load(\"mini\")), steps: 1, evaluate: 0).status",
            prints: "complete")
        ],
        source: "MoDoMoDo, arXiv 2505.24871, sections 2 to 4",
        details: """
          The run is remembered by its content: the policy, the domains' data, the mixture, the reward with
          its source and all that it captures, the algorithm, steps, seed and the engine itself. A complete run
          of the same content is given at once, a partial one goes on where it was, also after a crash. A
          reward is taken to give the same for the same; one that reads files or clocks asks for `fresh: true`.
          """)
    ) { call in
      let base = try call.domain(0, as: PolicyValue.self).policy
      let mixture = try call.domain(1, as: MixtureValue.self)
      guard
        let suite = try call.optional(2, { try call.domain($0, as: SuiteValue.self) })
          ?? mixture.suite
      else {
        throw call.fail(
          "E0705", "`train` does not know where the mixture's examples are",
          hint: "write train(base, mixture, data: load(\"mini\"))")
      }
      let options = try call.optional(5) { try call.domain($0, as: AlgorithmValue.self).options }
      let rewards = try call.rewards(6, context)
      let (steps, seed) = (try call.int(3), UInt64(bitPattern: Int64(try call.int(4))))
      let (limit, samples) = (try call.int(7), try call.int(8))
      var plan = try call.training {
        try GRPOTraining(
          base: base, mixture: mixture.mixture, data: suite.suite.train, rewards: rewards,
          options: options ?? GRPOOptions(), steps: steps, seed: seed)
      }
      plan.earlyStopping = try call.optional(13) { try call.earlyStopping($0) }
      let every = try call.int(11)
      plan.shownCompletions = context.recorder == nil ? 0 : max(0, try call.int(12))
      let isFresh = try call.bool(10)
      let hasSplits = !(suite.suite.tests.isEmpty && suite.suite.benchmarks.isEmpty)
      let train = TrainCall(
        call: call, context: context, plan: plan, suite: suite,
        title: "\(mixture.label), seed \(seed)",
        key: context.recorder == nil ? nil : call.trainingKey(plan), isFresh: isFresh,
        checkpointSteps: max(0, every),
        evaluate: limit > 0 && hasSplits
          ? { run, line, interrupted in
            let evaluator = try call.training {
              try Evaluator(suite: suite.suite, limit: limit, samples: samples)
            }
            let evaluation = try call.evaluation(
              evaluator, of: run.policy, isFresh: isFresh, context,
              events: { line.show($0, title: "\(mixture.label), seed \(seed)") },
              interrupted: interrupted)
            if evaluation.isPartial { _ = call.takeInterrupt() }
            return evaluation.isPartial ? nil : evaluation
          } : nil)
      return try train.run(resuming: train.named(9))
    }
  }
}
