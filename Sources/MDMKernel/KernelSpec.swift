import Glibc
import MDMImages
import MDMJSON
import MDMRuntime
import MDMSession

/// How Jupyter finds and starts the kernel: a folder of `kernel.json` and pictures.
public struct KernelSpec: Sendable {
  /// What clients call it, and the name of its folder.
  public var name: String
  public var displayName: String
  /// The absolute path of `mdm`.
  public var executable: String

  /// Where specifications are kept.
  public enum Place: Sendable, Equatable {
    /// For this user alone.
    case user
    /// Below a prefix such as `/usr/local` or a virtual environment.
    case prefix(String)
  }

  public init(name: String = "mdm", displayName: String = "mdm", executable: String) {
    self.name = name
    self.displayName = displayName
    self.executable = executable
  }

  /// Whether Jupyter takes a name: letters, digits, dots, dashes and underlines.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.count <= 100 && name != "." && name != ".."
      && name.utf8.allSatisfy { byte in
        let character = Unicode.Scalar(byte)
        return byte < 0x80
          && (character.properties.isAlphabetic || character.properties.numericType != nil
            || [".", "-", "_"].contains(character))
      }
  }

  /// The folder of this specification; nil where the user has no home.
  ///
  /// - Parameter variable: reads the environment.
  public func folder(in place: Place, _ variable: (String) -> String?) -> String? {
    let data: String?
    switch place {
    case .prefix(let prefix): data = prefix + "/share/jupyter"
    case .user:
      data =
        variable("JUPYTER_DATA_DIR") ?? variable("XDG_DATA_HOME").map { $0 + "/jupyter" }
        ?? variable("HOME").map { $0 + "/.local/share/jupyter" }
    }
    return data.map { "\($0)/kernels/\(name)" }
  }

  /// Writes the folder; files of an earlier installation are replaced.
  public func install(in folder: String) throws(KernelError) {
    do throws(ScriptError) {
      try FileText.makeFolder(above: folder + "/kernel.json")
    } catch {
      throw .file(path: folder, reason: error.diagnostic.message)
    }
    try Self.write(Array(text.utf8), to: folder + "/kernel.json")
    try Self.write(Array(KernelLogo.svg.utf8), to: folder + "/logo-svg.svg")
    for size in KernelLogo.sizes {
      let path = "\(folder)/logo-\(size)x\(size).png"
      let png: [UInt8]
      do throws(ImageError) {
        png = try KernelLogo.image(size: size).encodedPNG()
      } catch {
        throw .file(path: path, reason: "\(error)")
      }
      try Self.write(png, to: path)
    }
  }

  /// Removes the files of an installation and their folder; false where there is none.
  public static func uninstall(from folder: String) throws(KernelError) -> Bool {
    guard access(folder + "/kernel.json", F_OK) == 0 else { return false }
    let pictures = KernelLogo.sizes.map { "logo-\($0)x\($0).png" }
    for name in ["kernel.json", "logo-svg.svg"] + pictures { unlink("\(folder)/\(name)") }
    guard rmdir(folder) == 0 else {
      throw .file(path: folder, reason: String(cString: strerror(errno)))
    }
    return true
  }

  /// What `kernel.json` says.
  public var text: String {
    let node = JSONNode.of(
      (
        "argv",
        .array(
          [executable, "kernel", "run", "--connection-file", "{connection_file}"].map {
            .string($0)
          })
      ),
      ("display_name", .string(displayName)), ("language", .string("mdm")),
      // By message, an interrupt also reaches a kernel on another machine.
      ("interrupt_mode", .string("message")), ("env", .object([])),
      (
        "metadata",
        .of(
          ("debugger", .bool(false)), ("supported_encryption", .array([.string("curve")])))
      ))
    return String(decoding: node.compact, as: UTF8.self) + "\n"
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(KernelError) {
    let file = fopen(path, "wb")
    let isWritten =
      file.map { file in
        let count = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        return fclose(file) == 0 && count == bytes.count
      } ?? false
    if !isWritten { throw .file(path: path, reason: String(cString: strerror(errno))) }
  }
}
