import MDMSyntax

/// Errors on their way out: places, traces, handlers, deferred blocks; and the collector's roots.
extension Machine {
  func scriptError(_ error: any Error) -> ScriptError {
    if let error = error as? ScriptError { return error }
    return ScriptError(.value, "\(error)")
  }

  /// The place of the running call.
  var currentPlace: (source: SourceText, span: Span)? {
    guard state.pointee.depth >= 0 else { return nil }
    let frame = frames.start[state.pointee.depth]
    let info = frame.code.pointee.info.takeUnretainedValue()
    return (info.source, info.span(before: frame.pc))
  }

  /// Throws where an interrupt or a time limit is pending.
  func checkInterrupt() throws {
    if let profile, interrupt.takeSample() { note(in: profile) }
    if fuel != nil { try burn(1) }
    guard interrupt.isRequested else { return }
    if interrupt.isBudget {
      interrupt.clear()
      if let late = budget?.late { throw spent(late) }
      return
    }
    let isTimeLimit = interrupt.isTimeLimit
    interrupt.clear()
    let code = isTimeLimit ? RuntimeCode.timeLimit : .interrupt
    throw ScriptError(
      isTimeLimit ? .timeLimit : .interrupt,
      Diagnostic(code: code.rawValue, isTimeLimit ? "the time limit is over" : "interrupted"))
  }

  /// Fills in place and trace. The innermost frame's program counter has been saved.
  func complete(_ failure: inout ScriptError) {
    guard !failure.isTraced, state.pointee.depth >= 0 else { return }
    failure.isTraced = true
    var depth = state.pointee.depth
    // An argument that a callee's annotation refuses belongs to the call.
    if failure.isAboutCaller, depth > 0 { depth -= 1 }
    leaveLibrary(&depth, &failure)
    if failure.diagnostic.place == nil {
      let frame = frames.start[depth]
      let info = frame.code.pointee.info.takeUnretainedValue()
      var span = argumentSpan(failure, frame, info) ?? info.span(before: frame.pc)
      if let inner = failure.inner { failure.narrow(&span, in: info.source, inner) }
      failure.diagnostic.place = (info.source, span)
      noteOrigin(&failure, frame, info)
    }
    guard depth > 0, failure.diagnostic.trace.isEmpty else { return }
    openFrames = frames(from: depth, limit: Machine.openFrameLimit)
    failure.diagnostic.trace = openFrames.suffix(DiagnosticRenderer.maximumFrames)
  }

  /// The open calls of user's code, innermost last, from a depth outwards.
  private func frames(from depth: Int, limit: Int) -> [Diagnostic.Frame] {
    var found: [Diagnostic.Frame] = []
    for position in stride(from: depth, through: max(0, depth - limit + 1), by: -1) {
      let frame = frames.start[position]
      let info = frame.code.pointee.info.takeUnretainedValue()
      if info.source.isLibrary { continue }
      found.append(
        Diagnostic.Frame(
          function: info.name, source: info.source, span: info.span(before: frame.pc)))
    }
    return found.reversed()
  }

  /// All calls that were open at an error, innermost last, where it is the newest one; its
  /// diagnostic names eight of them.
  public func allFrames(of diagnostic: Diagnostic) -> [Diagnostic.Frame]? {
    guard let own = diagnostic.trace.last, let last = openFrames.last,
      own.source === last.source, own.span == last.span,
      openFrames.count >= diagnostic.trace.count
    else { return nil }
    return openFrames
  }

  /// So many calls are remembered: a recursion without end has a hundred thousand.
  private static let openFrameLimit = 200

  /// An error in a module that comes with mdm is shown at the call in the script, with a note.
  private func leaveLibrary(_ depth: inout Int, _ failure: inout ScriptError) {
    guard failure.diagnostic.place == nil else { return }
    var called: String?
    while depth > 0 {
      let info = frames.start[depth].code.pointee.info.takeUnretainedValue()
      guard info.source.isLibrary else { break }
      called = info.name
      depth -= 1
    }
    guard let called else { return }
    // Which argument it was is known of the innermost call only.
    failure.argument = nil
    failure.diagnostic.notes.append("in `\(called)` of the standard library")
  }

  /// The span of the argument that an error is about.
  private func argumentSpan(
    _ failure: ScriptError, _ frame: Frame, _ info: FunctionInfo
  ) -> Span? {
    let position = frame.pc - frame.code.pointee.instructions - 1
    guard var argument = failure.argument, position >= 0,
      let spans = info.argumentSpans[position]
    else { return nil }
    let instruction = frame.code.pointee.instructions[position]
    let isMethod = instruction.op == .callMethod || instruction.op == .callMethodShaped
    if isMethod, frame.base[Int(instruction.a)].tag != .undefined { argument -= 1 }
    if instruction.op == .callShaped || instruction.op == .callMethodShaped {
      let kinds = info.descriptors[Int(instruction.c)].kinds
      if let name = failure.argumentName {
        for (index, kind) in kinds.enumerated() {
          if case .named(let symbol) = kind, symbol.text == name { return spans[index] }
        }
      }
    }
    return spans.indices.contains(argument) ? spans[argument] : nil
  }

  /// The record that `catch e` binds.
  func record(of failure: ScriptError) -> Value {
    let diagnostic = failure.diagnostic
    let record = heap.pointee.newRecord()
    let set = { (name: String, value: Value) in
      self.heap.pointee.set(Value(self.heap.pointee.symbols.intern(name)), value, in: record)
    }
    set("code", string(diagnostic.code))
    set("message", string(diagnostic.message))
    set("hint", diagnostic.hint.map(string) ?? .none)
    if let place = diagnostic.place {
      let (line, column) = place.source.position(of: Int(place.span.start))
      set("span", string("\(place.source.name):\(line):\(column)"))
    } else {
      set("span", .none)
    }
    return Value(record)
  }

  /// Moves captured variables at or above a register off the stack.
  func closeUpvalues(from location: UnsafeMutablePointer<Value>) {
    while let open = state.pointee.openUpvalues, open.pointee.location >= location {
      open.pointee.closed = open.pointee.location.pointee
      // The field's own address: the object does not move.
      open.pointee.location = UnsafeMutableRawPointer(open)
        .advanced(by: MemoryLayout<UpvalueObject>.offset(of: \.closed) ?? 0)
        .assumingMemoryBound(to: Value.self)
      state.pointee.openUpvalues = open.pointee.nextOpen
      open.pointee.nextOpen = nil
    }
  }

  /// The captured variable of a register, open ones in order from the top of the stack down.
  func upvalue(
    at location: UnsafeMutablePointer<Value>
  ) -> UnsafeMutablePointer<UpvalueObject> {
    var previous: UnsafeMutablePointer<UpvalueObject>?
    var next = state.pointee.openUpvalues
    while let open = next, open.pointee.location > location {
      previous = open
      next = open.pointee.nextOpen
    }
    if let open = next, open.pointee.location == location { return open }
    let made = heap.pointee.newUpvalue(location)
    made.pointee.nextOpen = next
    if let previous {
      previous.pointee.nextOpen = made
    } else {
      state.pointee.openUpvalues = made
    }
    return made
  }

  /// Runs deferred blocks down to a count. With a failure their own errors become its notes;
  /// without one the first of them is thrown when all have run.
  func runDefers(downTo count: Int, _ failure: ScriptError? = nil) throws -> ScriptError? {
    var failure = failure
    let hadFailure = failure != nil
    while defers.count > count {
      let closure = defers.removeLast()
      if isAborting { continue }
      do {
        _ = try invoke(closure, [])
      } catch {
        let error = scriptError(error)
        // Deferred blocks that are interrupted themselves are given up, up to the end of the run:
        // otherwise they could go on without end.
        if !error.isCatchable, !error.isBudget { isAborting = true }
        if failure == nil {
          failure = error
        } else if error.isCatchable || !(failure?.isCatchable ?? true) {
          failure?.diagnostic.notes.append("in a defer block: \(error.diagnostic.message)")
        } else {
          // An interrupt must not be lost in a note.
          failure = error
        }
      }
    }
    if !hadFailure, let failure { throw failure }
    return failure
  }

  // MARK: Collection

  /// Marks from the stack, globals, handles and natives' roots, and frees the rest.
  func collectGarbage() {
    let top = state.pointee.top
    var next = stack.start
    while next < top {
      heap.pointee.mark(next.pointee)
      next += 1
    }
    // What is above the top is dead: cleared so that it can never dangle.
    while next < state.pointee.highWater {
      next.pointee = .none
      next += 1
    }
    state.pointee.highWater = top
    var open = state.pointee.openUpvalues
    while let upvalue = open {
      heap.pointee.mark(UnsafeMutableRawPointer(upvalue).assumingMemoryBound(to: Header.self))
      open = upvalue.pointee.nextOpen
    }
    for slot in 0..<globalCount { heap.pointee.mark(globals.start[slot]) }
    for value in handles.snapshot { heap.pointee.mark(value) }
    for value in defers { heap.pointee.mark(value) }
    for value in roots { heap.pointee.mark(value) }
    heap.pointee.trace()
    heap.pointee.sweep()
  }

  /// A safe point: collects where due and enforces the memory limit.
  @inline(never)
  func safePoint(_ top: UnsafeMutablePointer<Value>) throws {
    state.pointee.top = top
    collectGarbage()
    let memoryLimit = options.memoryLimit ?? Machine.memoryLimit
    if heap.pointee.bytes > memoryLimit { throw outOfMemory() }
    heap.pointee.limit = min(heap.pointee.limit, memoryLimit)
  }

  func outOfMemory() -> ScriptError {
    ScriptError(.memory, "the values of this script need more memory than its limit")
  }

  /// Throws where an allocation of so many bytes would pass the limit.
  func checkRoom(_ bytes: Int) throws {
    if fuel != nil { try burn(max(0, bytes) / 64) }
    let (total, overflow) = heap.pointee.bytes.addingReportingOverflow(bytes)
    if overflow || total > options.memoryLimit ?? Machine.memoryLimit || bytes > 4 << 30 {
      throw outOfMemory()
    }
  }
}
