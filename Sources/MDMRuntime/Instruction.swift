/// What one instruction does. `R` is the frame's registers, `K` its constants; `jump` means that the
/// next word holds the target, taken where the condition does not hold.
enum Op: UInt8 {
  // Moves
  case move  // R[a] = R[b]
  case constant  // R[a] = K[wide]
  case none  // R[a] = none
  case undefined  // R[a] = undefined
  case getGlobal  // R[a] = globals[b]; K[c] is the name
  case setGlobal  // globals[b] = R[a]
  case setModuleGlobal  // the same in module c, an error once it has loaded
  case getUpvalue  // R[a] = upvalues[b]; K[c] is the name
  case setUpvalue  // upvalues[b] = R[a]
  case close  // captured variables from R[a] on leave the stack
  // Arithmetic: R[a] = R[b] op R[c], or op K[c]
  case add, subtract, multiply, divide, floorDivide, remainder, power
  case addConstant, subtractConstant, multiplyConstant, divideConstant, floorDivideConstant
  case remainderConstant
  case negate  // R[a] = -R[b]
  case not  // R[a] = not R[b]
  // Comparison: R[a] = R[b] op R[c]
  case equal, notEqual, less, lessEqual, greater, greaterEqual, contains
  case approximately  // R[a] = abs(R[b] - R[b+1]) <= R[b+2]
  // Jumps
  case jump  // pc += wide
  case loop  // pc += wide, polling for interrupts
  case jumpIf, jumpUnless  // on R[a], which has to be a Bool
  case jumpIfNone, jumpUnlessNone, jumpUnlessMissing  // on R[a]
  case whileLess, whileLessEqual, whileGreater, whileGreaterEqual  // R[a] op R[b], else jump
  case whileEqual, whileNotEqual
  case whileLessConstant, whileLessEqualConstant, whileGreaterConstant  // R[a] op K[b], else jump
  case whileGreaterEqualConstant, whileEqualConstant, whileNotEqualConstant
  // Collections
  case list  // R[a] = the list of c registers from R[b]
  case append  // R[a].push(R[b])
  case spread  // R[a].push(all of R[b])
  case record  // R[a] = a record of shape c with slots from R[b]
  case emptyRecord  // R[a] = {}
  case setEntry  // R[a][R[b]] = R[c], for a record under construction
  case spreadRecord  // R[a] takes all entries of R[b]
  case range  // R[a] = R[b]..R[b+1] by R[b+2]; c is 1 where closed
  case index, indexOrNone  // R[a] = R[b][R[c]]
  case setIndex  // R[a][R[b]] = R[c]
  case getField, getFieldOrNone  // R[a] = R[b].name, by cache c
  case setField  // R[a].name = R[b], by cache c
  // Text
  case concatenate  // R[a] = the texts of c registers from R[b], joined
  case format  // R[a] = R[b] formatted by K[c]
  // Functions
  case closure  // R[a] = a closure of child b
  case call  // R[a] = R[a](b arguments from R[a+1])
  case callShaped  // the same with the names and spreads of descriptor c
  case prepareMethod  // R[a].name by cache b: see Machine.prepareMethod
  case callMethod  // R[a] = the prepared method with b arguments from R[a+2]
  case callMethodShaped
  case checkParameter  // R[a] has to fit type b of the function's annotations
  case checkResult  // R[a] has to fit the result type
  case checkBinding  // R[a] has to fit type b; K[c] is the name
  case `return`  // gives R[a]
  // Iteration
  case iterate  // R[a]: prepares R[a], R[a+1], R[a+2] for next
  case iterateRange  // the same for R[a]..R[a+1] by R[a+2]; b is 1 where closed
  // The two that end a turn: the jump goes back to the loop's body, polling for interrupts.
  case next  // R[a+3] = next element of R[a] and jump, unless there is none
  case nextPair  // R[a+3], R[a+4] = next key and value of R[a] and jump, unless there is none
  // Patterns
  case matchList  // R[a] is a list of b elements (at least b where c is 1), else jump
  case listItem  // R[a] = R[b][c]
  case listItemFromEnd  // R[a] = R[b][len - c]
  case listMiddle  // R[a] = R[b] from K[c] (a list [first, count at the end])
  case matchRecord  // R[a] = whether R[b] is a record
  case matchField  // R[a] = R[b].K[c], else jump
  case matchRange  // R[a] lies in range K[b], else jump
  case matchEqual  // R[a] == K[b], else jump
  case noMatch  // fails: no arm accepts R[a]
  case noForm  // fails: R[a] has not the form of the pattern
  // Control
  case pushHandler  // catches to the jump target with the error record in R[a]
  case popHandler
  case pushBudget  // of R[a] steps and R[a+1] time; goes to the jump target when it is spent
  case popBudget
  case markDefers  // R[a] = the number of pending defers
  case pushDefer  // R[a] is a closure to call when the block ends
  case runDefers  // runs those above R[a]
  // An assertion that does not hold; c is 1 where the test goes on.
  case assertion  // K[b] is the text, R[a] a message or none
  case assertComparison  // R[a] op R[a+1], K[b] is the operator, R[a+2] a message or none
  case assertSeeds  // R[a] is what the hook says, R[a+2] a message or none
  case use  // R[a] = module K[b]; c is 1 for a path
  case moduleMember  // R[a] = R[b].K[c]
  case parameter  // R[a] = the value given for param b of the code, or missing
  case registerTest  // K[b] names the test closure R[a]
}

/// One instruction: an operation and three operands, or one and a wide one.
struct Instruction {
  var op: Op
  var a: UInt16
  var b: UInt16
  var c: UInt16

  @inline(__always) init(_ op: Op, _ a: UInt16, _ b: UInt16, _ c: UInt16) {
    self.op = op
    self.a = a
    self.b = b
    self.c = c
  }

  /// The operands b and c as one number, in the order of a single load.
  @inline(__always) var wide: Int {
    Int(Int32(bitPattern: UInt32(c) << 16 | UInt32(b)))
  }

  mutating func setWide(_ value: Int) {
    let bits = UInt32(bitPattern: Int32(truncatingIfNeeded: value))
    b = UInt16(truncatingIfNeeded: bits)
    c = UInt16(truncatingIfNeeded: bits >> 16)
  }
}
