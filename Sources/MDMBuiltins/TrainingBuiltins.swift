import MDMData
import MDMDeclarations
import MDMMixtures
import MDMRuntime
import MDMTraining

/// Reinforcement learning on mixtures.
enum TrainingBuiltins: BuiltinFamily {
  static let name = "training"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [AlgorithmSetting.grpo, train(context), sweep(context), LedgerPlot.function]
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
            "resume", .domain("Run"), default: "none",
            "A partial run of the same arguments: this one goes on after its last step, to the bits "
              + "of a run that was never interrupted."),
        ], returns: .domain("Run"), family: name,
        "Trains a policy by reinforcement learning on a mixture; Ctrl-C gives the partial run.",
        examples: [
          Example(
            "train(policy(\"mini\"), uniform(load(\"mini\")), steps: 1, evaluate: 0).status",
            prints: "complete")
        ],
        source: "MoDoMoDo, arXiv 2505.24871, sections 2 to 4")
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
      let limit = try call.int(7)
      let samples = try call.int(8)
      let earlier = try call.optional(9) { try call.domain($0, as: RunValue.self).run }
      let line = ProgressText(context, call)
      let budget = try call.startBudgeted()
      let training = try call.training {
        try GRPOTraining(
          base: base, mixture: mixture.mixture, data: suite.suite.train, rewards: rewards,
          options: options ?? GRPOOptions(), steps: steps, seed: seed)
      }
      let title = "\(mixture.label), seed \(seed)"
      let watch = TrainingWatch(RunDescription(training, label: title), context)
      let interrupted: @Sendable () -> Bool = {
        context.interrupt.isRequested || budget?.isSpent ?? false || watch.isStopRequested
      }
      var run: Run
      do {
        run = try call.training {
          try training.run(
            continuing: earlier,
            events: {
              budget?.takeStep()
              watch.hear($0)
              if let warning = watch.warning() { call.options.report(warning) }
              line.show($0, title: title)
            },
            interrupted: interrupted)
        }
      } catch {
        watch.fail()
        throw error
      }
      // The interrupt has done its work: the script goes on with the partial run.
      if run.status == .interrupted, !call.takeInterrupt(), !watch.isStopRequested,
        budget?.isSpent ?? false
      {
        run.status = .budget
      }
      var evaluation: Evaluation?
      if limit > 0, run.status == .complete,
        !(suite.suite.tests.isEmpty && suite.suite.benchmarks.isEmpty)
      {
        do {
          evaluation = try call.training {
            try Evaluator(suite: suite.suite, limit: limit, samples: samples).evaluate(
              run.policy, events: { line.show($0, title: title) },
              interrupted: interrupted)
          }
        } catch {
          watch.end(run, nil)
          throw error
        }
        if evaluation?.isPartial == true {
          _ = call.takeInterrupt()
          evaluation = nil
        }
      }
      line.end()
      watch.end(run, evaluation)
      return .domain(
        RunValue(
          run, mixture: MixtureValue(mixture.mixture, suite: suite),
          evaluation: evaluation.map { EvaluationValue($0) }, id: watch.id))
    }
  }

  private static func sweep(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "sweep",
        [
          ParameterDeclaration("mixtures", .list, "What to train on."),
          ParameterDeclaration(
            "run", .function, "Takes a mixture and a seed, gives a run: fn(mix, seed) train(…)."),
          ParameterDeclaration("seeds", .int, default: "1", "Matched seeds of each mixture."),
          ParameterDeclaration("first_seed", .int, default: "0", "The first seed."),
        ], returns: .list, family: name,
        "Runs every mixture with the same seeds; an interrupt or a spent budget ends it with those done.",
        examples: [
          Example(
            "let runs = [uniform(load(\"mini\"))] |> sweep(\n"
              + "  fn(mix, seed) train(policy(\"mini\"), mix, steps: 1, seed: seed, evaluate: 0),\n"
              + "  seeds: 2)\n"
              + "len(runs)",
            prints: "2")
        ]
      )
    ) { call in
      let mixtures = try call.domains(0, as: MixtureValue.self, called: "Mixture")
      let body = try call.function(1)
      let (seeds, first) = (try call.int(2), try call.int(3))
      guard seeds >= 1 else {
        throw call.fail("E0705", "`seeds` is \(seeds), but a sweep needs at least 1", argument: 2)
      }
      var runs: [Datum] = []
      for (position, mixture) in mixtures.enumerated() {
        for seed in first..<(first + seeds) {
          let result: Datum
          do {
            result = try call.invoke(body, [.domain(mixture), .int(seed)])
          } catch let error as ScriptError {
            // What is done is not lost with a budget.
            if case .budget = error.kind, !runs.isEmpty { return .list(runs) }
            throw error
          }
          runs.append(result)
          call.eprint(
            "[\(position * seeds + seed - first + 1)/\(mixtures.count * seeds)] "
              + call.display(result) + "\n")
          if case .domain(let run as RunValue) = result, run.run.status != .complete {
            return .list(runs)
          }
        }
      }
      return .list(runs)
    }
  }
}
