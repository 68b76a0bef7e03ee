/// The wish from outside that a long computation ends early.
///
/// Whoever starts a computation says in `scope` how to learn of the wish; loops ask every few
/// milliseconds and end by an error of their module, so that no half result looks like a whole one.
/// The wish is the task's or thread's own: two computations of one process do not hear each other's.
public enum Interruption {
  @TaskLocal private static var wish: (@Sendable () -> Bool)?

  /// Whether the computation around shall end; never outside of `scope`.
  public static var isRequested: Bool { wish?() ?? false }

  /// Runs a computation that ends soon after `isRequested` has become true.
  public static func scope<T, E: Error>(
    _ isRequested: @escaping @Sendable () -> Bool, _ body: () throws(E) -> T
  ) throws(E) -> T {
    try $wish.withValue(isRequested) { Result(catching: body) }.get()
  }
}
