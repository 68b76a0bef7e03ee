// Starts `mdm lsp` for mdm scripts; all knowledge of the language is in the server.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate() {
  const command = workspace.getConfiguration("mdm").get("path") || "mdm";
  client = new LanguageClient(
    "mdm",
    "mdm",
    { command, args: ["lsp"] },
    { documentSelector: [{ language: "mdm" }] },
  );
  return client.start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
