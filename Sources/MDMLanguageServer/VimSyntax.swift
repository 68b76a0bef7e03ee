import MDMSyntax

/// The colours of scripts for Vim and Neovim.
enum VimSyntax {
  /// syntax/mdm.vim.
  static let text: String = #"""
    " Vim syntax file: mdm. Made by `mdm editors`; change it there.
    if exists("b:current_syntax")
      finish
    endif

    syntax case match
    syntax iskeyword @,48-57,_

    syntax keyword mdmConstant \#(words(Vocabulary.constants))
    syntax keyword mdmWordOperator \#(words(Vocabulary.wordOperators))
    syntax keyword mdmDeclaration \#(words(Vocabulary.declarations))
    syntax keyword mdmControl \#(words(Vocabulary.control))
    \#(contextual)
    syntax match mdmOperator /\#(operators)/
    syntax match mdmFunction /\<\h\w*\ze(/
    syntax match mdmFunctionName /\%(\<fn\s\+\)\@<=\h\w*/
    syntax match mdmField /\.\@<!\.\h\w*/hs=s+1
    syntax match mdmArgument /\<\h\w*\ze\s*:/
    syntax match mdmType /\%(:\s*\|->\s*\||\s*\)\@<=\u\w*/
    syntax match mdmNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d\+\)\?\%(\%(\#(suffixes)\)\>\|%\w\@!\)\?/
    syntax match mdmNumber /\<0\%([xX]\x[0-9A-Fa-f_]*\|[oO]\o[0-7_]*\|b[01][01_]*\)\>/

    syntax match mdmEscape /\\\%(u{\x\+}\|.\)/ contained
    syntax region mdmValue matchgroup=mdmBrace start=/{/ end=/}/ contained contains=@mdmCode,mdmNested,mdmFormatSpecification
    syntax region mdmNested start=/{/ end=/}/ contained contains=@mdmCode,mdmNested
    syntax match mdmEscape /{{\|}}/ contained containedin=mdmFormat,mdmRawFormat
    syntax match mdmFormatSpecification /:[^{}"]*\ze}/ contained
    syntax region mdmString start=/"/ skip=/\\./ end=/"\|$/ contains=mdmEscape
    syntax region mdmString start=/"""/ skip=/\\./ end=/"""/ contains=mdmEscape
    syntax region mdmRaw start=/\<r"/ end=/"\|$/
    syntax region mdmRaw start=/\<r"""/ end=/"""/
    syntax region mdmFormat start=/\<f"/ skip=/\\./ end=/"\|$/ contains=mdmEscape,mdmValue
    syntax region mdmFormat start=/\<f"""/ skip=/\\./ end=/"""/ contains=mdmEscape,mdmValue
    syntax region mdmRawFormat start=/\<\%(fr\|rf\)"/ end=/"\|$/ contains=mdmValue
    syntax region mdmRawFormat start=/\<\%(fr\|rf\)"""/ end=/"""/ contains=mdmValue
    syntax cluster mdmCode contains=mdmConstant,mdmWordOperator,mdmDeclaration,mdmControl,mdmOperator,mdmFunction,mdmField,mdmArgument,mdmNumber,mdmString,mdmRaw,mdmFormat,mdmRawFormat

    syntax match mdmComment /#.*$/ contains=@Spell,mdmTodo
    syntax match mdmDocumentation /^\s*##\%([^#]\|$\).*$/ contains=@Spell
    syntax match mdmCell /^# %%.*$/
    syntax keyword mdmTodo TODO FIXME XXX contained

    syntax sync minlines=200

    highlight default link mdmConstant Constant
    highlight default link mdmWordOperator Operator
    highlight default link mdmDeclaration Keyword
    highlight default link mdmControl Statement
    highlight default link mdmContextual Keyword
    highlight default link mdmOperator Operator
    highlight default link mdmFunction Function
    highlight default link mdmFunctionName Function
    highlight default link mdmField Identifier
    highlight default link mdmArgument Identifier
    highlight default link mdmType Type
    highlight default link mdmNumber Number
    highlight default link mdmEscape SpecialChar
    highlight default link mdmFormatSpecification SpecialChar
    highlight default link mdmBrace Delimiter
    highlight default link mdmString String
    highlight default link mdmRaw String
    highlight default link mdmFormat String
    highlight default link mdmRawFormat String
    highlight default link mdmComment Comment
    highlight default link mdmDocumentation SpecialComment
    highlight default link mdmCell Title
    highlight default link mdmTodo Todo

    let b:current_syntax = "mdm"

    """#

  /// ftdetect/mdm.vim.
  static let detection = """
    " Made by `mdm editors`; change it there.
    autocmd BufNewFile,BufRead *.mdm setfiletype mdm

    """

  /// ftplugin/mdm.vim.
  static let settings = """
    " Made by `mdm editors`; change it there.
    if exists("b:did_ftplugin")
      finish
    endif
    let b:did_ftplugin = 1

    setlocal commentstring=#\\ %s comments=b:##,b:#
    setlocal expandtab shiftwidth=2 softtabstop=2 textwidth=100
    setlocal formatprg=mdm\\ fmt\\ -
    let b:undo_ftplugin = "setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< textwidth< formatprg<"

    """

  private static func words(_ words: [Keyword]) -> String {
    words.map(\.rawValue).joined(separator: " ")
  }

  private static let suffixes = Vocabulary.numberSuffixes.joined(separator: #"\|"#)

  /// Words that are names elsewhere, with what must follow them.
  private static let contextual: String = {
    let following = [
      "across": #"\s\+seeds"#, "seeds": "(", "as": #"\s\+\h"#, "budget": "(",
      "by": #"\s\+[0-9A-Za-z_(-]"#, "catch": #"\s\+\%(\h\w*\s*\)\?{"#, "mix": #"\s*{"#,
      "param": #"\s\+\h"#, "pub": #"\s\+\%(fn\|let\|var\|reward\)\>"#, "reward": #"\s\+fn\>"#,
      "spawn": #"\s\+\h"#, "test": #"\s\+""#, "use": #"\s\+[A-Za-z_"]"#,
    ]
    return Vocabulary.contextualWords.map { word in
      #"syntax match mdmContextual /\<\#(word)\ze\#(following[word] ?? #"\>"#)/"#
    }.joined(separator: "\n")
  }()

  private static let operators = Vocabulary.operators.map { symbol in
    var text = ""
    for character in symbol.rawValue {
      if #"*.~/[]^$\"#.contains(character) { text += #"\"# }
      text.append(character)
    }
    return text
  }.joined(separator: #"\|"#)
}
