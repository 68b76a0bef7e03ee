import MDMJSON

/// Writes conversations as Qwen2-VL was taught to read them.
///
/// Source: the chat template of the published checkpoints: every turn between `<|im_start|>` and
/// `<|im_end|>`, a system turn put first where there is none, an image as a placeholder between its marks.
public struct ChatTemplate: Sendable {
  /// The system turn of conversations that begin without one.
  static let system = ChatMessage("system", "You are a helpful assistant.")

  /// The text of a conversation.
  ///
  /// - Parameter asks: Whether the beginning of the assistant's next turn follows.
  public static func text(_ messages: [ChatMessage], asks: Bool = true) -> String {
    var all = messages
    if let first = messages.first, first.role != "system" { all.insert(system, at: 0) }
    var text = ""
    for message in all {
      text += "<|im_start|>\(message.role)\n"
      for part in message.parts {
        switch part {
        case .text(let words): text += words
        case .image: text += "<|vision_start|><|image_pad|><|vision_end|>"
        }
      }
      text += "<|im_end|>\n"
    }
    return asks ? text + "<|im_start|>assistant\n" : text
  }

  /// Whether a Jinja template is the published one; it is told by a hash (FNV-1a), since mdm does not run
  /// Jinja.
  static func isKnown(_ template: String) -> Bool {
    var bytes = Array(template.utf8)
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return hash == 0x7124_2F76_359E_71E8
  }
}
