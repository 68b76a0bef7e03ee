/// The files under editors/ that are made from the lexer's tables.
public enum EditorFiles {
  /// The files by their paths below editors/.
  public static let all: [(path: String, text: String)] = [
    ("textmate/mdm.tmLanguage.json", TextMateGrammar.text),
    // VS Code packs what is below its extension's folder.
    ("vscode/syntaxes/mdm.tmLanguage.json", TextMateGrammar.text),
    ("vim/syntax/mdm.vim", VimSyntax.text),
    ("vim/ftdetect/mdm.vim", VimSyntax.detection),
    ("vim/ftplugin/mdm.vim", VimSyntax.settings),
  ]
}
