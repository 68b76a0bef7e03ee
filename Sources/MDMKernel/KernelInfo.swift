import MDMJSON

/// What a kernel says about itself and its language.
enum KernelInfo {
  /// The content of `kernel_info_reply`.
  static func content(version: String) -> JSONNode {
    .of(
      ("status", .string("ok")), ("protocol_version", .string(MessageWriter.protocolVersion)),
      ("implementation", .string("mdm")), ("implementation_version", .string(version)),
      ("language_info", language(version: version)),
      ("banner", .string("mdm \(version): ?name explains, :help lists the commands")),
      ("debugger", .bool(false)), ("help_links", .array([])),
      ("supported_features", .array([.string("kernel subshells")])))
  }

  private static func language(version: String) -> JSONNode {
    .of(
      ("name", .string("mdm")), ("version", .string(version)),
      ("mimetype", .string("text/x-mdm")), ("file_extension", .string(".mdm")),
      ("pygments_lexer", .string("mdm")),
      // The nearest of the modes that every front end has: # comments and f-strings.
      ("codemirror_mode", .string("python")), ("nbconvert_exporter", .string("script")))
  }
}
