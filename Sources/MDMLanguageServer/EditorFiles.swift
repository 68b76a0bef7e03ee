/// The files of the repository that are made from the lexer's tables.
public enum EditorFiles {
  /// The files by their paths below the repository.
  public static let all: [(path: String, text: String)] = [
    ("editors/textmate/mdm.tmLanguage.json", TextMateGrammar.text),
    // VS Code packs what is below its extension's folder.
    ("editors/vscode/syntaxes/mdm.tmLanguage.json", TextMateGrammar.text),
    ("editors/vim/syntax/mdm.vim", VimSyntax.text),
    ("editors/vim/ftdetect/mdm.vim", VimSyntax.detection),
    ("editors/vim/ftplugin/mdm.vim", VimSyntax.settings),
    ("python/mdm-jupyter/src/mdm_jupyter/words.py", PygmentsWords.text),
  ]
}
