import MDMSyntax

/// The interpreter's loop: one switch in one function, with the frame's parts in local variables.
///
/// Nothing on a fast path counts references or allocates Swift memory; what can fail or takes
/// longer is a call out of line. See `Op` for what the instructions do.
extension Machine {
  /// Runs the innermost frame until it returns.
  func loop() throws -> Value {
    let state = self.state
    let heap = self.heap
    let frames = self.frames.start
    let globals = self.globals.start
    let interrupt = self.interrupt
    let entry = state.pointee.depth
    let entryHandlers = state.pointee.handlerCount
    let entryDefers = defers.count
    let entryBudgets = budgetCount
    var frame = frames + entry
    var code = frame.pointee.code
    var pc = frame.pointee.pc
    var base = frame.pointee.base
    var constants = code.pointee.constants

    while true {
      do {
        while true {
          let i = pc.pointee
          pc += 1
          switch i.op {
          // Moves
          case .move: base[Int(i.a)] = base[Int(i.b)]
          case .constant: base[Int(i.a)] = constants[i.wide]
          case .none: base[Int(i.a)] = Value(noneFrom: pc)
          case .undefined: base[Int(i.a)] = .undefined
          case .getGlobal:
            let value = globals[Int(i.b)]
            if value.tag == .undefined { throw unset(constants[Int(i.c)]) }
            base[Int(i.a)] = value
          case .setGlobal: globals[Int(i.b)] = base[Int(i.a)]
          case .setModuleGlobal:
            try checkModuleOpen(Int(i.c))
            globals[Int(i.b)] = base[Int(i.a)]
          case .getUpvalue:
            let value = frame.pointee.closure.pointee.upvalues[Int(i.b)].pointee.location.pointee
            if value.tag == .undefined { throw unset(constants[Int(i.c)]) }
            base[Int(i.a)] = value
          case .setUpvalue:
            frame.pointee.closure.pointee.upvalues[Int(i.b)].pointee.location.pointee =
              base[Int(i.a)]
          case .close:
            if state.pointee.openUpvalues != nil { closeUpvalues(from: base + Int(i.a)) }

          // Arithmetic
          // Arithmetic on other than numbers may allocate: `operate` is a safe point.
          case .add:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.add(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(.add, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .addConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.add(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(.add, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .subtract:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.subtract(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .subtract, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .subtractConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.subtract(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .subtract, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .multiply:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.multiply(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .multiply, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .multiplyConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.multiply(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .multiply, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .divide:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.divide(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(.divide, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .divideConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.divide(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(.divide, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .floorDivide:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.floorDivide(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .floorDivide, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .floorDivideConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.floorDivide(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .floorDivide, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .remainder:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            if let value = Fast.remainder(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .remainder, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .remainderConstant:
            let (left, right) = (base[Int(i.b)], constants[Int(i.c)])
            if let value = Fast.remainder(left, right) {
              base[Int(i.a)] = value
            } else {
              try operate(
                .remainder, left, right, base + Int(i.a), base + code.pointee.registerCount)
            }
          case .power:
            try operate(
              .power, base[Int(i.b)], base[Int(i.c)], base + Int(i.a),
              base + code.pointee.registerCount)
          case .negate: base[Int(i.a)] = try negated(base[Int(i.b)])
          case .not:
            let value = base[Int(i.b)]
            if value.tag != .bool { throw noCondition(value) }
            base[Int(i.a)] = Value(!value.bool)

          // Comparison
          case .less:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let holds = try Fast.less(left, right) ?? compare(.less, left, right)
            base[Int(i.a)] = Value(holds)
          case .lessEqual:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let holds = try Fast.lessEqual(left, right) ?? compare(.lessEqual, left, right)
            base[Int(i.a)] = Value(holds)
          case .greater:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let holds = try Fast.greater(left, right) ?? compare(.greater, left, right)
            base[Int(i.a)] = Value(holds)
          case .greaterEqual:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let holds = try Fast.greaterEqual(left, right) ?? compare(.greaterEqual, left, right)
            base[Int(i.a)] = Value(holds)
          case .equal:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            base[Int(i.a)] = Value(same)
          case .notEqual:
            let (left, right) = (base[Int(i.b)], base[Int(i.c)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            base[Int(i.a)] = Value(!same)
          case .whileLess:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let holds = try Fast.less(left, right) ?? compare(.less, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileLessConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let holds = try Fast.less(left, right) ?? compare(.less, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileLessEqual:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let holds = try Fast.lessEqual(left, right) ?? compare(.lessEqual, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileLessEqualConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let holds = try Fast.lessEqual(left, right) ?? compare(.lessEqual, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileGreater:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let holds = try Fast.greater(left, right) ?? compare(.greater, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileGreaterConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let holds = try Fast.greater(left, right) ?? compare(.greater, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileGreaterEqual:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let holds = try Fast.greaterEqual(left, right) ?? compare(.greaterEqual, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileGreaterEqualConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let holds = try Fast.greaterEqual(left, right) ?? compare(.greaterEqual, left, right)
            pc += holds ? 1 : pc.pointee.wide &+ 1
          case .whileEqual:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            pc += same ? 1 : pc.pointee.wide &+ 1
          case .whileEqualConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            pc += same ? 1 : pc.pointee.wide &+ 1
          case .whileNotEqual:
            let (left, right) = (base[Int(i.a)], base[Int(i.b)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            pc += !same ? 1 : pc.pointee.wide &+ 1
          case .whileNotEqualConstant:
            let (left, right) = (base[Int(i.a)], constants[Int(i.b)])
            let same = try Fast.equal(left, right) ?? equal(left, right)
            pc += !same ? 1 : pc.pointee.wide &+ 1
          case .contains:
            base[Int(i.a)] = Value(try contains(base[Int(i.b)], in: base[Int(i.c)]))
          case .approximately:
            let first = base + Int(i.b)
            base[Int(i.a)] = Value(try isNear(first[0], first[1], tolerance: first[2]))

          // Jumps
          case .jump: pc += i.wide
          case .loop:
            if interrupt.needsLook {
              // The place of a loop without calls is that of its condition.
              frame.pointee.pc = pc
              try checkInterrupt()
            }
            pc += i.wide
          case .jumpIf:
            let value = base[Int(i.a)]
            if value.tag != .bool { throw noCondition(value) }
            pc += value.bool ? pc.pointee.wide &+ 1 : 1
          case .jumpUnless:
            let value = base[Int(i.a)]
            if value.tag != .bool { throw noCondition(value) }
            pc += value.bool ? 1 : pc.pointee.wide &+ 1
          case .jumpIfNone:
            pc += base[Int(i.a)].tag == .none ? pc.pointee.wide &+ 1 : 1
          case .jumpUnlessNone:
            pc += base[Int(i.a)].tag == .none ? 1 : pc.pointee.wide &+ 1
          case .jumpUnlessMissing:
            pc += base[Int(i.a)].tag == .missing ? 1 : pc.pointee.wide &+ 1

          // Collections
          case .list:
            let list = heap.pointee.newList(capacity: Int(i.c))
            list.items.update(from: base + Int(i.b), count: Int(i.c))
            list.count = Int(i.c)
            base[Int(i.a)] = Value(list)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .append:
            heap.pointee.append(base[Int(i.b)], to: base[Int(i.a)].list)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .spread:
            try spread(base[Int(i.b)], into: base[Int(i.a)].list)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .record:
            let shape = code.pointee.info._withUnsafeGuaranteedRef { $0.shapes[Int(i.c)] }
            let count = shape.pointee.count
            let record = heap.pointee.newRecord(shape: shape, capacity: count)
            record.slots.update(from: base + Int(i.b), count: count)
            record.used = count
            record.count = count
            base[Int(i.a)] = Value(record)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .emptyRecord:
            base[Int(i.a)] = Value(heap.pointee.newRecord())
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .setEntry:
            let key = base[Int(i.b)]
            try checkKey(key)
            heap.pointee.set(key, base[Int(i.c)], in: base[Int(i.a)].record)
          case .spreadRecord: try spreadRecord(base[Int(i.b)], into: base[Int(i.a)].record)
          case .range:
            let first = base + Int(i.b)
            base[Int(i.a)] = try makeRange(first[0], first[1], first[2], isClosed: i.c == 1)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .index:
            let target = base[Int(i.b)]
            let key = base[Int(i.c)]
            if target.tag == .list, key.tag == .int {
              let list = target.list
              let count = Int64(list.count)
              let position = key.int < 0 ? key.int &+ count : key.int
              if position >= 0, position < count {
                base[Int(i.a)] = list.items[Int(position)]
                continue
              }
            }
            base[Int(i.a)] = try index(target, key, orNone: false)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .indexOrNone:
            base[Int(i.a)] = try index(base[Int(i.b)], base[Int(i.c)], orNone: true)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .setIndex:
            let target = base[Int(i.a)]
            let key = base[Int(i.b)]
            if target.tag == .list, key.tag == .int {
              let list = target.list
              if key.int >= 0, key.int < Int64(list.count), !list.header.isFrozen {
                list.items[Int(key.int)] = base[Int(i.c)]
                continue
              }
            }
            try setIndex(target, key, base[Int(i.c)])
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .getField:
            let target = base[Int(i.b)]
            let cache = code.pointee.caches + Int(i.c)
            if target.tag == .record {
              let record = target.record
              if let shape = record.shape, shape == cache.pointee.shape {
                base[Int(i.a)] = record.slots[cache.pointee.slot]
                continue
              }
            }
            base[Int(i.a)] = try field(of: target, cache, orNone: false)
          case .getFieldOrNone:
            let cache = code.pointee.caches + Int(i.c)
            base[Int(i.a)] = try field(of: base[Int(i.b)], cache, orNone: true)
          case .setField:
            let target = base[Int(i.a)]
            let cache = code.pointee.caches + Int(i.c)
            if target.tag == .record {
              let record = target.record
              if let shape = record.shape, shape == cache.pointee.shape, !record.header.isFrozen {
                if let next = cache.pointee.next {
                  heap.pointee.append(base[Int(i.b)], shape: next, to: record)
                } else {
                  record.slots[cache.pointee.slot] = base[Int(i.b)]
                }
                continue
              }
            }
            try setField(of: target, cache, base[Int(i.b)])
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }

          // Text
          case .concatenate:
            base[Int(i.a)] = try concatenate(base + Int(i.b), Int(i.c))
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .format:
            base[Int(i.a)] = try format(base[Int(i.b)], constants[Int(i.c)])
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }

          // Functions
          case .closure:
            let child = code.pointee.children[Int(i.b)]
            let closure = heap.pointee.newClosure(child)
            var position = 0
            while position < closure.upvalueCount {
              let source = child.pointee.upvalueSources[position]
              closure.upvalues[position] =
                source.isLocal
                ? upvalue(at: base + source.index)
                : frame.pointee.closure.pointee.upvalues[source.index]
              position &+= 1
            }
            base[Int(i.a)] = Value(closure)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .call:
            let window = base + Int(i.a)
            let callee = window[0]
            frame.pointee.pc = pc
            if callee.tag == .closure {
              let closure = callee.closure
              try adjust(closure.code, window + 1, Int(i.b))
              try pushFrame(closure, window + 1, destination: window)
              if interrupt.needsLook { try checkInterrupt() }
              frame += 1
              code = closure.code
              pc = code.pointee.instructions
              base = window + 1
              constants = code.pointee.constants
            } else if callee.tag == .native {
              window[0] = try callNative(callee, window + 1, Int(i.b))
              if window[0].tag == .none { window[0].noteOrigin(pc) }
              if heap.pointee.bytes > heap.pointee.limit {
                try safePoint(base + code.pointee.registerCount)
              }
            } else {
              throw notCallable(callee)
            }
          case .callShaped:
            let window = base + Int(i.a)
            let callee = window[0]
            frame.pointee.pc = pc
            let descriptor = code.pointee.info._withUnsafeGuaranteedRef {
              $0.descriptors[Int(i.c)]
            }
            let count = try bind(callee, descriptor, window + 1, receiver: nil)
            if callee.tag == .closure {
              try pushFrame(callee.closure, window + 1, destination: window)
              if interrupt.needsLook { try checkInterrupt() }
              frame = frames + state.pointee.depth
              code = frame.pointee.code
              pc = frame.pointee.pc
              base = frame.pointee.base
              constants = code.pointee.constants
            } else {
              window[0] = try callNative(callee, window + 1, count, isBound: true)
              if window[0].tag == .none { window[0].noteOrigin(pc) }
              if heap.pointee.bytes > heap.pointee.limit {
                try safePoint(base + code.pointee.registerCount)
              }
            }
          case .prepareMethod:
            let window = base + Int(i.a)
            let cache = code.pointee.caches + Int(i.b)
            let target = window[0]
            if target.tag == .record {
              let record = target.record
              if let shape = record.shape, shape == cache.pointee.shape {
                window[1] = record.slots[cache.pointee.slot]
                window[0] = .undefined
                continue
              }
            } else if target.tag == cache.pointee.methodTag {
              window[1] = target
              window[0] = cache.pointee.method
              continue
            }
            try prepareMethod(window, cache)
          case .callMethod:
            // A field's function stands in the second register, a built-in method in the first
            // with the receiver behind it.
            let window = base + Int(i.a)
            let isField = window[0].tag == .undefined
            let callee = isField ? window[1] : window[0]
            frame.pointee.pc = pc
            if callee.tag == .closure {
              let closure = callee.closure
              try adjust(closure.code, window + 2, Int(i.b))
              try pushFrame(closure, window + 2, destination: window)
              if interrupt.needsLook { try checkInterrupt() }
              frame += 1
              code = closure.code
              pc = code.pointee.instructions
              base = window + 2
              constants = code.pointee.constants
            } else if callee.tag == .native {
              window[0] = try callNative(
                callee, window + (isField ? 2 : 1), Int(i.b) + (isField ? 0 : 1))
              if window[0].tag == .none { window[0].noteOrigin(pc) }
              if heap.pointee.bytes > heap.pointee.limit {
                try safePoint(base + code.pointee.registerCount)
              }
            } else {
              throw notCallable(callee)
            }
          case .callMethodShaped:
            let window = base + Int(i.a)
            let isField = window[0].tag == .undefined
            let callee = isField ? window[1] : window[0]
            frame.pointee.pc = pc
            let descriptor = code.pointee.info._withUnsafeGuaranteedRef {
              $0.descriptors[Int(i.c)]
            }
            let first = window + (isField ? 2 : 1)
            let count = try bind(callee, descriptor, first, receiver: isField ? nil : window[1])
            if callee.tag == .closure {
              try pushFrame(callee.closure, first, destination: window)
              if interrupt.needsLook { try checkInterrupt() }
              frame = frames + state.pointee.depth
              code = frame.pointee.code
              pc = frame.pointee.pc
              base = frame.pointee.base
              constants = code.pointee.constants
            } else {
              window[0] = try callNative(callee, first, count, isBound: true)
              if window[0].tag == .none { window[0].noteOrigin(pc) }
              if heap.pointee.bytes > heap.pointee.limit {
                try safePoint(base + code.pointee.registerCount)
              }
            }
          case .checkParameter: try checkType(code, Int(i.b), base + Int(i.a), isParameter: true)
          case .checkBinding: try checkType(code, Int(i.b), base + Int(i.a), isParameter: false)
          case .checkResult: try checkResult(code, base + Int(i.a))
          case .return:
            let value = base[Int(i.a)]
            if state.pointee.openUpvalues != nil { closeUpvalues(from: base) }
            let depth = state.pointee.depth
            state.pointee.depth = depth &- 1
            if depth == entry { return value }
            frame.pointee.destination.pointee = value
            frame -= 1
            code = frame.pointee.code
            pc = frame.pointee.pc
            base = frame.pointee.base
            constants = code.pointee.constants

          // Iteration
          case .iterate:
            try prepareIteration(base + Int(i.a))
          case .iterateRange:
            let window = base + Int(i.a)
            let (start, end, step) = (window[0], window[1], window[2])
            if start.tag == .int, end.tag == .int, step.tag == .int, step.int == 1, i.b == 0 {
              // The distance of two Ints may need 64 bits without a sign; longer ones go around.
              let (count, isLong) = end.int.subtractingReportingOverflow(start.int)
              if !isLong {
                window[0] = Value(count)
                window[1] = start
                continue
              }
            }
            window[0] = try makeRange(start, end, step, isClosed: i.b == 1)
            try prepareIteration(window)
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .next:
            let window = base + Int(i.a)
            // A range counts down in the first register and holds the next number in the second.
            if window[0].tag == .int {
              let left = window[0].int
              if left <= 0 {
                pc += 1
              } else {
                window[0] = Value(left &- 1)
                window[3] = window[1]
                window[1] = Value(window[1].int &+ window[2].int)
                pc += pc.pointee.wide &+ 1
                if interrupt.needsLook {
                  frame.pointee.pc = pc
                  try checkInterrupt()
                }
              }
            } else if window[0].tag == .list {
              let list = window[0].list
              let position = Int(window[1].int)
              if position < list.count {
                window[3] = list.items[position]
                window[1] = Value(position &+ 1)
                pc += pc.pointee.wide &+ 1
                if interrupt.needsLook {
                  frame.pointee.pc = pc
                  try checkInterrupt()
                }
              } else {
                pc += 1
              }
            } else {
              let found = try nextElement(window, isPair: false)
              pc += found ? pc.pointee.wide &+ 1 : 1
              if interrupt.needsLook {
                frame.pointee.pc = pc
                try checkInterrupt()
              }
              if heap.pointee.bytes > heap.pointee.limit {
                try safePoint(base + code.pointee.registerCount)
              }
            }
          case .nextPair:
            let found = try nextElement(base + Int(i.a), isPair: true)
            pc += found ? pc.pointee.wide &+ 1 : 1
            if interrupt.needsLook {
              frame.pointee.pc = pc
              try checkInterrupt()
            }
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }

          // Patterns
          case .matchList:
            let value = base[Int(i.a)]
            let fits =
              value.tag == .list
              && (i.c == 1 ? value.list.count >= Int(i.b) : value.list.count == Int(i.b))
            pc += fits ? 1 : pc.pointee.wide &+ 1
          case .listItem: base[Int(i.a)] = base[Int(i.b)].list.items[Int(i.c)]
          case .listItemFromEnd:
            let list = base[Int(i.b)].list
            base[Int(i.a)] = list.items[list.count - Int(i.c)]
          case .listMiddle:
            base[Int(i.a)] = middle(of: base[Int(i.b)].list, constants[Int(i.c)])
            if heap.pointee.bytes > heap.pointee.limit {
              try safePoint(base + code.pointee.registerCount)
            }
          case .matchRecord: base[Int(i.a)] = Value(base[Int(i.b)].tag == .record)
          case .matchField:
            let fits = matchField(base[Int(i.b)], constants[Int(i.c)], base + Int(i.a))
            pc += fits ? 1 : pc.pointee.wide &+ 1
          case .matchRange:
            let fits = isInside(base[Int(i.a)], constants[Int(i.b)].range)
            pc += fits ? 1 : pc.pointee.wide &+ 1
          case .matchEqual:
            let fits = try equal(base[Int(i.a)], constants[Int(i.b)])
            pc += fits ? 1 : pc.pointee.wide &+ 1
          case .noMatch: throw noMatch(base[Int(i.a)])
          case .noForm: throw noForm(base[Int(i.a)])

          // Control
          case .pushHandler:
            try pushHandler(pc + 1 + pc.pointee.wide, register: Int(i.a))
            pc += 1
          case .popHandler: state.pointee.handlerCount -= 1
          case .pushBudget:
            frame.pointee.pc = pc
            try pushBudget(base + Int(i.a), pc + 1 + pc.pointee.wide, register: Int(i.a))
            pc += 1
          case .popBudget:
            state.pointee.handlerCount -= 1
            closeBudgets(downTo: budgetCount - 1)
          case .markDefers: base[Int(i.a)] = Value(defers.count)
          case .pushDefer: defers.append(base[Int(i.a)])
          case .runDefers:
            frame.pointee.pc = pc
            state.pointee.top = base + code.pointee.registerCount
            _ = try runDefers(downTo: Int(base[Int(i.a)].int))
          case .assertion, .assertComparison, .assertSeeds:
            frame.pointee.pc = pc
            try failAssertion(i, base + Int(i.a), constants)
          case .use:
            frame.pointee.pc = pc
            state.pointee.top = base + code.pointee.registerCount
            base[Int(i.a)] = try use(constants[Int(i.b)], isPath: i.c == 1, code)
          case .moduleMember:
            base[Int(i.a)] = try moduleMember(base[Int(i.b)], constants[Int(i.c)])
          case .parameter: base[Int(i.a)] = try outerParameter(code, Int(i.b))
          case .registerTest:
            collectedTests.append((constants[Int(i.b)].string.text, handle(base[Int(i.a)])))
          }
        }
      } catch {
        var failure = scriptError(error)
        frames[state.pointee.depth].pc = pc
        complete(&failure)
        state.pointee.handlerCount = max(state.pointee.handlerCount, entryHandlers)
        if let taker = handler(for: failure, above: entryHandlers) {
          state.pointee.handlerCount = taker
          let handler = handlers.start[taker]
          state.pointee.depth = handler.depth
          frame = frames + state.pointee.depth
          code = frame.pointee.code
          pc = frame.pointee.pc
          base = frame.pointee.base
          constants = code.pointee.constants
          closeUpvalues(from: base + handler.register)
          state.pointee.top = base + code.pointee.registerCount
          frame.pointee.pc = handler.target
          if let after = try runDefers(downTo: handler.deferCount, failure) { failure = after }
          // An interrupt that came in a defer block is not lost to this handler.
          if failure.kind == .interrupt { interrupt.requestInterrupt() }
          if failure.kind == .timeLimit { interrupt.requestTimeLimit() }
          pc = handler.target
          closeBudgets(downTo: handler.budgetCount)
          if handler.budget >= 0 {
            reportSpent(failure)
          } else {
            base[handler.register] = record(of: failure)
          }
        } else {
          closeUpvalues(from: frames[entry].base)
          state.pointee.top = frames[entry].base
          state.pointee.depth = entry - 1
          state.pointee.handlerCount = entryHandlers
          closeBudgets(downTo: entryBudgets)
          throw try runDefers(downTo: entryDefers, failure) ?? failure
        }
      }
    }
  }
}
