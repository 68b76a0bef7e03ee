import MDMJSON

/// Everything that can go wrong with a model's files and inputs.
public enum ModelError: Error, Equatable, Sendable {
  /// A file could not be opened or read; `reason` is the system's text.
  case unreadableFile(path: String, reason: String)
  /// A file could not be written; an older file of that name is intact.
  case unwritableFile(path: String, reason: String)
  /// A text is not JSON.
  case malformedJSON(what: String, error: JSONError)
  /// A field of `config.json` is missing or has a value that cannot be used.
  case badConfiguration(field: String, reason: String)
  /// `tokenizer.json` describes a tokenizer that mdm does not know, or lacks something.
  case badTokenizer(reason: String)
  /// A setting of the image processor does not fit the network or is not Qwen2-VL's.
  case badProcessor(field: String, reason: String)
  /// The checkpoint's chat template is not that of Qwen2-VL.
  case unknownChatTemplate
  /// A safetensors file is truncated or inconsistent.
  case malformedSafetensors(reason: String)
  /// A tensor that the configuration asks for is not in the file.
  case missingTensor(name: String)
  /// Tensors are in the file that no part of the network would read.
  case surplusTensors(names: [String])
  /// A tensor has another shape than the configuration asks for.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// An adapter that PEFT's files or options describe cannot be used.
  case badAdapter(reason: String)
  /// The machine has too little memory for what was asked.
  case tooLarge(what: String, needed: Int, present: Int)
  /// A prompt holds words that the tokenizer has not.
  case unknownWords([String])
  /// A prompt does not fit the model.
  case badPrompt(reason: String)

  /// What is wrong, in one sentence.
  public var message: String {
    switch self {
    case .unreadableFile(let path, let reason): "cannot read `\(path)`: \(reason)"
    case .unwritableFile(let path, let reason): "cannot write `\(path)`: \(reason)"
    case .malformedJSON(let what, let error):
      "\(what) is not valid JSON at \(error)"
    case .badConfiguration(let field, let reason): "`\(field)` of config.json \(reason)"
    case .badTokenizer(let reason): "tokenizer.json \(reason)"
    case .badProcessor(let field, let reason): "`\(field)` of the image processor \(reason)"
    case .unknownChatTemplate: "the chat template is not that of Qwen2-VL"
    case .malformedSafetensors(let reason): "the safetensors file \(reason)"
    case .missingTensor(let name): "the weights have no tensor `\(name)`"
    case .surplusTensors(let names):
      "the weights have \(names.count == 1 ? "a tensor" : "\(names.count) tensors") that the "
        + "configuration does not name: "
        + names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        + (names.count > 5 ? ", ..." : "")
    case .wrongShape(let name, let expected, let found):
      "tensor `\(name)` has the shape \(found), but the network asks for \(expected)"
    case .badAdapter(let reason): "the adapter \(reason)"
    case .tooLarge(let what, let needed, let present):
      "\(what) needs about \(needed >> 30) GiB of memory, this machine has \(present >> 30)"
    case .unknownWords(let words):
      "the tokenizer does not know " + words.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
        + (words.count > 5 ? ", ..." : "")
    case .badPrompt(let reason): "the prompt \(reason)"
    }
  }

  /// What can be done about it.
  public var hint: String {
    switch self {
    case .unreadableFile:
      "A model folder holds config.json, a tokenizer and safetensors weights; check the path."
    case .unwritableFile:
      "Check the free space and the permissions of the folder; the previous file was kept."
    case .malformedJSON: "The file may be truncated; fetch or save the model again."
    case .badConfiguration:
      "Only Qwen2-VL and Qwen2.5-VL configurations of consistent sizes can be used."
    case .badTokenizer:
      "Qwen2's byte-level BPE is known, and word-level ones with <pad>, <eos>, <image> and <unk>."
    case .badProcessor: "config.json and the processor's file must come from the same model."
    case .unknownChatTemplate:
      "Write the prompt's text with its marks yourself; only Qwen2-VL's own template is known."
    case .malformedSafetensors: "The file may be truncated; fetch or save the model again."
    case .missingTensor, .surplusTensors, .wrongShape:
      "config.json and the safetensors files must come from the same model."
    case .badAdapter: "Adapters are LoRA's, as PEFT writes them, on the blocks' matrices."
    case .tooLarge: "Train an adapter of low rank: `lora(policy)`."
    case .unknownWords: "The policy `mini` knows the words of the suite `mini` only."
    case .badPrompt: "Expand the image's placeholder to the model's number of image tokens."
    }
  }
}

extension ModelError {
  /// Reads a JSON document; `what` names it in errors.
  static func document(_ bytes: [UInt8], _ what: String) throws(ModelError) -> JSONNode {
    do throws(JSONError) { return try JSONNode(parsing: bytes) } catch {
      throw .malformedJSON(what: what, error: error)
    }
  }
}
