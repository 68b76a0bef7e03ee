/// Why a kernel could not be started or installed.
public enum KernelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A library that is loaded late is missing.
  case library(String)
  /// A connection file that cannot be used.
  case connection(path: String, reason: String)
  /// A socket could not be made or bound.
  case socket(address: String, reason: String)
  /// A file or folder could not be written.
  case file(path: String, reason: String)
  /// The system gave no thread or descriptor.
  case system(String)

  public var description: String {
    switch self {
    case .library(let reason): reason
    case .connection(let path, let reason): "the connection file \(path) \(reason)"
    case .socket(let address, let reason): "cannot bind \(address): \(reason)"
    case .file(let path, let reason): "cannot write \(path): \(reason)"
    case .system(let reason): reason
    }
  }
}
