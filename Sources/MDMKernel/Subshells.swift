import Synchronization

/// The subshells that clients have asked for (JEP 91).
///
/// There is one machine, so that code of all of them is run in the order of its arrival; everything
/// else is answered at once whichever is asked.
final class Subshells: Sendable {
  private let names = Mutex<[String]>([])

  /// More are a fault of the client.
  static let limit = 1000

  /// A new one; nil where there are too many.
  func create() -> String? {
    let name = MessageWriter.uniqueName()
    return names.withLock { names in
      guard names.count < Self.limit else { return nil }
      names.append(name)
      return name
    }
  }

  /// Forgets one; false where there is none of that name.
  func delete(_ name: String) -> Bool {
    names.withLock { names in
      guard let index = names.firstIndex(of: name) else { return false }
      names.remove(at: index)
      return true
    }
  }

  func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }

  var all: [String] { names.withLock { $0 } }
}
