import MDMDeclarations
import MDMImages
import MDMModels
import MDMRuntime
import MDMTables
import MDMTraining

/// What a policy says: answers, completions with their probabilities, tokens.
enum GenerationBuiltins {
  static func all(_ context: BuiltinContext) -> [NativeFunction] {
    [answer, generate(context), logprobs, tokenize, detokenize]
  }

  private static let name = PolicyBuiltins.name
  private static let policy = ParameterDeclaration("policy", .domain("Policy"), "Who answers.")
  private static let images = ParameterDeclaration(
    "images", .list, default: "none", "Paths of image files, images, or examples for their images.")

  private static let answer = NativeFunction(
    FunctionSignature(
      "answer",
      [
        policy, ParameterDeclaration("example", .domain("Example"), "What is asked."),
        ParameterDeclaration(
          "temperature", .float, default: "0.0", "0 takes the likeliest token."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
      ], returns: .string, family: name, "Gives what a policy answers to an example.",
      examples: [
        Example("type(answer(policy(\"mini\"), load(\"mini\").train[0][0]))", prints: "String")
      ]), form: PolicyBuiltins.methods
  ) { call in
    let policy = try call.domain(0, as: PolicyValue.self).policy
    let example = try call.domain(1, as: ExampleValue.self).example
    let temperature = try call.atLeast(0, 2)
    let seed = UInt64(bitPattern: Int64(try call.int(3)))
    return .string(
      try call.training {
        try Answering.answer(policy, example, temperature: temperature, seed: seed)
      })
  }

  private static func generate(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "generate",
        [
          policy,
          ParameterDeclaration(
            "prompts", .either([.string, .list]), "A question, or a list of them."), images,
          ParameterDeclaration("samples", .int, default: "1", "Completions of each prompt."),
          ParameterDeclaration(
            "max_new_tokens", .int, default: "64", "The longest completion, with its end token."),
          ParameterDeclaration(
            "temperature", .float, default: "0.0", "0 takes the likeliest token each time."),
          ParameterDeclaration(
            "top_k", .int, default: "0", "Draws from so many likeliest tokens; 0: from all."),
          ParameterDeclaration(
            "top_p", .float, default: "1.0",
            "Draws from the likeliest tokens that have this probability together."),
          ParameterDeclaration(
            "min_p", .float, default: "0.0",
            "Draws from tokens of at least this part of the likeliest one's probability."),
          ParameterDeclaration(
            "repetition_penalty", .float, default: "1.0",
            "Above 1 makes tokens less likely that are there already."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
        ], returns: .domain(TableValue.typeName), family: name,
        "Completes prompts: a table with a row for each completion.",
        examples: [
          Example(
            "len(generate(policy(\"mini\"), \"how many circle\", samples: 2, temperature: 1.0))",
            prints: "2")
        ],
        source: "transformers' GenerationConfig, whose names and order of steps these are",
        details: """
          A policy with a chat template gets each prompt as a turn of the user, the images first; one of
          whole words gets the images and the words. A completion does not depend on the others: prompt
          `i` and sample `s` have a random stream of their own. `logprob` is the sum over the
          completion's tokens under the policy itself, before temperature and cuts.
          """), form: PolicyBuiltins.methods
    ) { call in
      let policy = try call.domain(0, as: PolicyValue.self).policy
      let prompts = try call.prompts(1, images: 2, of: policy)
      let samples = try call.int(3)
      guard (1...4096).contains(samples) else {
        throw call.fail("E0420", "`samples` is \(samples), not from 1 to 4096", argument: 3)
      }
      var options = SamplingOptions(
        temperature: Float(try call.atLeast(0, 5)),
        maxNewTokens: try call.newTokens(4), seed: UInt64(bitPattern: Int64(try call.int(10))),
        purpose: "generate")
      options.topK = Int(try call.atLeast(0, 6))
      options.topP = Float(try call.atLeast(0, 7))
      options.minP = Float(try call.atLeast(0, 8))
      options.repetitionPenalty = Float(try call.atLeast(0, 9))
      guard options.repetitionPenalty > 0, options.topP > 0 else {
        throw call.fail("E0420", "`top_p` and `repetition_penalty` are above 0", argument: 7)
      }
      let drawn = policy.generate(
        prompts.map(\.prompt), samples: samples, options: options,
        interrupted: { context.interrupt.isRequested })
      try call.checkInterrupt()
      let rows = zip(prompts, drawn).flatMap { prompt, completions in
        completions.enumerated().map { (prompt: prompt.text, sample: $0, completion: $1) }
      }
      return call.table([
        ("prompt", rows.map { .text($0.prompt) }),
        ("sample", rows.map { .int(Int64($0.sample)) }),
        ("completion", rows.map { .text(policy.tokenizer.decode($0.completion.tokens)) }),
        ("tokens", rows.map { .int(Int64($0.completion.tokens.count)) }),
        (
          "logprob",
          rows.map { .float($0.completion.logProbabilities.reduce(0) { $0 + Double($1) }) }
        ), ("finished", rows.map { .bool($0.completion.finished) }),
      ])
    }
  }

  private static let logprobs = NativeFunction(
    FunctionSignature(
      "logprobs",
      [
        policy, ParameterDeclaration("prompt", .string, "What is asked."),
        ParameterDeclaration("completion", .string, "What is answered."), images,
      ], returns: .domain(TableValue.typeName), family: name,
      "Gives the log-probability of each token of an answer: a table.",
      examples: [
        Example(
          "let t = logprobs(policy(\"mini\"), \"how many circle\", \"<answer> 2 </answer>\")\n"
            + "[len(t), t.logprob |> all(fn(x) x <= 0.0)]", prints: "[4, true]")
      ]), form: PolicyBuiltins.methods
  ) { call in
    let policy = try call.domain(0, as: PolicyValue.self).policy
    let prompts = try call.prompts(1, images: 3, of: policy)
    let text = try call.string(2)
    let unknown = policy.tokenizer.unknownWords(in: text)
    try call.modelling { () throws(ModelError) in
      if !unknown.isEmpty { throw .unknownWords(unknown) }
    }
    let tokens = policy.tokenizer.encode(text) + [policy.configuration.endToken]
    let scores = policy.logProbabilities([
      CompletionGroup(prompt: prompts[0].prompt, completions: [tokens])
    ])[0][0]
    let vocabulary = policy.tokenizer.vocabulary
    return call.table([
      ("token", tokens.map { .int(Int64($0)) }),
      (
        "text",
        tokens.map { .text(vocabulary.indices.contains(Int($0)) ? vocabulary[Int($0)] : "") }
      ),
      ("logprob", scores.map { .float(Double($0)) }),
    ])
  }

  private static let tokenize = NativeFunction(
    FunctionSignature(
      "tokenize",
      [policy, ParameterDeclaration("text", .string, "Any text, with its marks.")],
      returns: .list, family: name, "Gives the identifiers of a text's tokens.",
      examples: [
        Example(
          "let p = policy(\"mini\")\ndetokenize(p, p.tokenize(\"how many\"))", prints: "how many")
      ]), form: PolicyBuiltins.methods
  ) { call in
    let tokenizer = try call.domain(0, as: PolicyValue.self).policy.tokenizer
    return .list(tokenizer.encode(try call.string(1)).map { .int(Int($0)) })
  }

  private static let detokenize = NativeFunction(
    FunctionSignature(
      "detokenize",
      [policy, ParameterDeclaration("tokens", .list, "Identifiers.")], returns: .string,
      family: name, "Gives the text of tokens, without the special ones.",
      examples: [Example("detokenize(policy(\"mini\"), [1])", prints: "")]),
    form: PolicyBuiltins.methods
  ) { call in
    let tokenizer = try call.domain(0, as: PolicyValue.self).policy.tokenizer
    let tokens = try call.list(1).enumerated().map { position, item -> Int32 in
      guard case .int(let value) = item, (0..<Int64(tokenizer.count)).contains(value) else {
        throw call.fail(
          "E0406",
          "element \(position) should be a token from 0 to \(tokenizer.count - 1), but is "
            + item.brief, argument: 1)
      }
      return Int32(value)
    }
    return .string(tokenizer.decode(tokens))
  }
}

extension NativeCall {
  /// A finite number of at least a bound.
  fileprivate func atLeast(_ bound: Double, _ index: Int) throws -> Double {
    let value = try double(index)
    guard value >= bound, value.isFinite else {
      throw fail(
        "E0420", "`\(parameterName(index))` is \(value), but it is \(Int(bound)) or more",
        argument: index)
    }
    return value
  }

  /// A length of completions that the network can write.
  fileprivate func newTokens(_ index: Int) throws -> Int {
    let value = try int(index)
    guard (1...4096).contains(value) else {
      throw fail(
        "E0420", "`\(parameterName(index))` is \(value), not from 1 to 4096", argument: index)
    }
    return value
  }

  /// The prompts of questions about images, checked.
  fileprivate func prompts(
    _ index: Int, images: Int, of policy: Policy
  ) throws -> [(text: String, prompt: Prompt)] {
    let pictures = try optional(images) { try list($0).map { try picture($0, images) } } ?? []
    let texts = try datum(index).text.map { [$0] } ?? strings(index)
    return try texts.enumerated().map { i, text in
      let prompt = try modelling { () throws(ModelError) in
        let prompt = try policy.prompt(asking: text, images: pictures, domain: "prompt", index: i)
        try policy.check(prompt)
        return prompt
      }
      return (text, prompt)
    }
  }

  private func picture(_ item: Datum, _ index: Int) throws -> RGBImage {
    if case .domain(let example as ExampleValue) = item {
      return try imaging(example.example.id) { () throws(ImageError) in
        try example.example.image.decoded()
      }
    }
    if case .domain(let image as ImageValue) = item {
      return try imaging("the image") { () throws(ImageError) in try RGBImage.decode(image.png) }
    }
    guard let path = item.text else {
      throw fail(
        "E0406", "an image is a path, an Image or an Example, not \(item.brief)", argument: index)
    }
    let bytes = try Files.read(path, self)
    return try imaging(path) { () throws(ImageError) in try RGBImage.decode(bytes) }
  }

  /// A table of columns of equal length.
  func table(_ columns: [(name: String, cells: [Cell])]) -> Datum {
    (try? Table(columns.map { ($0.name, ColumnBuilder.column($0.cells)) }))
      .map(TableBuiltins.value) ?? .none
  }
}
