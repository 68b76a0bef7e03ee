import Glibc

/// The files that belong to the user, not to a project.
enum UserFiles {
  /// What runs when a REPL starts: `~/.config/mdm/init.mdm`.
  static var start: String? { path("XDG_CONFIG_HOME", or: ".config", "init.mdm") }

  /// Past inputs of all REPLs and kernels: `~/.local/state/mdm/history.jsonl`.
  static var history: String? { path("XDG_STATE_HOME", or: ".local/state", "history.jsonl") }

  /// A file in one of the folders that freedesktop.org's base directories name; nil where there is
  /// no home.
  private static func path(_ variable: String, or folder: String, _ name: String) -> String? {
    let base = value(variable) ?? value("HOME").map { $0 + "/" + folder }
    return base.map { $0 + "/mdm/" + name }
  }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
