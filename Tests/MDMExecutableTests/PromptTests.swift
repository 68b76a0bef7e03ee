import Foundation
import Glibc
import Testing

/// The REPL as a whole: the executable on a terminal.
@Suite struct PromptTests {
  @Test func valuesArePrintedAndHaveNames() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    #expect(prompt.enter("6 * 7").contains("\n42\r\n"))
    #expect(prompt.enter("_ + _1").contains("\n84\r\n"))
  }

  @Test func whatWasEnteredIsFoundByTheNextSession() throws {
    let first = try PromptSession()
    #expect(first.shows("mdm> "))
    _ = first.enter("let kept = [1,\r  2]")
    _ = first.enter(" let secret = 1")
    first.type("\u{4}")
    #expect(first.ends() == 0)
    let second = try PromptSession(home: first.folder)
    #expect(second.shows("mdm> "))
    #expect(second.enter("\u{1b}[A").contains("let kept = [1,"))
    #expect(second.enter("kept").contains("[1, 2]"))
    #expect(!second.enter(":history secret").contains("let secret"))
  }

  @Test func twoSessionsKeepTheirInputsInOneHistory() throws {
    let one = try PromptSession()
    let two = try PromptSession(home: one.folder)
    #expect(one.shows("mdm> ") && two.shows("mdm> "))
    for index in 0..<5 {
      _ = one.enter("let a\(index) = 1")
      _ = two.enter("let b\(index) = 2")
    }
    let found = one.enter(":history let*")
    for index in 0..<5 {
      #expect(found.contains("let a\(index)") && found.contains("let b\(index)"))
    }
  }

  @Test func theUsersOwnFileRunsFirstAndMayFail() throws {
    let home = try Executable.temporaryFolder()
    let folder = home.appending(path: ".config/mdm")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "init.mdm")
    try Data("fn mine(x) x * 3\nlet y = mine(2)\n[1][7]\n".utf8).write(to: file)
    let prompt = try PromptSession(home: home)
    #expect(prompt.shows("init.mdm:3:1") && prompt.shows("mdm> "))
    #expect(prompt.enter("mine(y)").contains("18"))
    let bare = try PromptSession(["--no-init"], home: home)
    #expect(bare.shows("mdm> ") && bare.enter("1 + mine(1)").contains("E0"))
    #expect(!bare.screen.contains("init.mdm"))
  }

  @Test func controlCGivesThePartialRun() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    _ = prompt.enter("let base = policy(\"mini\")")
    _ = prompt.enter("let kept = 7")
    prompt.type("let run = train(base, uniform(load(\"mini\")), steps: 100000, evaluate: 0)\r")
    #expect(prompt.shows("/100000  reward"))
    prompt.type("\u{3}")
    #expect(prompt.enter("run.status").contains("interrupted"))
    #expect(prompt.enter("kept").contains("7"))
  }

  @Test func thePromptStaysUsableWhileARunTrains() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    _ = prompt.enter(
      "let job = spawn train(policy(\"mini\"), uniform(load(\"mini\")), steps: 100000, evaluate: 0)"
    )
    #expect(prompt.enter("1 + 1").contains("\n2\r\n"))
    #expect(prompt.enter(":jobs").contains("running"))
    prompt.type("let half = 6 * ")
    prompt.signal(SIGWINCH)
    _ = prompt.enter("\u{5}7")
    _ = prompt.enter("job.stop()")
    #expect(prompt.shows("job 1 has stopped after"))
    #expect(prompt.enter("job.wait().status").contains("interrupted"))
    #expect(prompt.enter("half").contains("42"))
  }

  @Test func aJobsEndIsToldAboveTheEditedLine() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    _ = prompt.enter("fn work() {\rfor i in 0..2000000 { sqrt(i) }\r5\r}")
    _ = prompt.enter("let job = spawn work()")
    prompt.type("let half = 6 *")
    #expect(prompt.shows("job 1 is complete after"))
    _ = prompt.enter(" 7")
    #expect(prompt.enter("half").contains("42"))
  }

  @Test func aLineThatIsClearedIsNotRun() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    prompt.type("print(\"no\" +")
    #expect(prompt.shows("\"no\" +"))
    prompt.type("\u{3}")
    #expect(prompt.shows("^C"))
    #expect(prompt.enter("1 + 1").contains("\n2\r\n"))
  }

  @Test func aTerminalThatVanishesEndsTheProcess() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    _ = prompt.enter("let kept = 1")
    prompt.hangUp()
    #expect(prompt.ends() != nil)
    let next = try PromptSession(home: prompt.folder)
    #expect(next.shows("mdm> ") && next.enter(":history kept").contains("let kept = 1"))
  }

  @Test func terminationEndsTheProcessAtThePrompt() throws {
    let prompt = try PromptSession()
    #expect(prompt.shows("mdm> "))
    prompt.signal(SIGTERM)
    #expect(prompt.ends() == 128 + SIGTERM)
  }

  @Test func coloursAreForTerminalsThatWantThem() throws {
    let colored = try PromptSession(environment: ["NO_COLOR": ""])
    #expect(colored.shows("mdm>") && colored.screen.contains("\u{1b}[1;32m"))
    let plain = try PromptSession()
    #expect(plain.shows("mdm> "))
    #expect(plain.enter("nosuchname").contains("error[E0"))
    plain.type("tra\t\t")
    #expect(plain.shows("transpose"))
    // Libedit itself moves the cursor; nothing sets a colour.
    #expect(plain.screen.firstMatch(of: /\u{1b}\[[0-9;]+m/) == nil)
  }

  @Test(arguments: [
    ("\u{1b}[?62;4c", "\u{1b}P"), ("\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[?62;c", "\u{1b}_Gf=100"),
    ("\u{1b}[?1;2c", "⠀"),
  ])
  func theTerminalIsAskedWhatItCanShow(_ answer: String, _ picture: String) throws {
    let prompt = try PromptSession(answers: answer)
    #expect(prompt.shows("mdm>"))
    #expect(!prompt.screen.contains("\u{1b}[c"))
    prompt.type("plot([1, 4, 9, 16], title: \"squares\")\r")
    if picture == "⠀" {
      #expect(prompt.shows("squares") && prompt.shows("⡠"))
    } else {
      #expect(prompt.shows(picture))
    }
  }

  @Test func theEnvironmentChoosesThePicture() throws {
    let prompt = try PromptSession(environment: ["MDM_PLOT": "dumb"])
    #expect(prompt.shows("mdm> "))
    #expect(prompt.enter("plot([1, 4, 9], title: \"t\")").contains("***"))
    let off = try PromptSession(environment: ["MDM_PLOT": "off"])
    #expect(off.shows("mdm> "))
    #expect(off.enter("display(plot([1, 4], title: \"t\"))").contains("Plot \"t\"\r\n"))
    #expect(!off.screen.contains("\u{1b}[c"))
  }
}
