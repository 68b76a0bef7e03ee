"""`mdm lsp` as a client that is not ours sees it: pytest-lsp, on pygls and lsprotocol.

Each test runs once as Visual Studio Code, once as Neovim and once as Emacs would: with what they say of themselves.
pytest-lsp warns where an answer uses what that client has not offered; warnings are errors here.
"""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

pytestmark = [pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")]

MODULE = "## Doubles.\npub fn double(x, by: Int = 2) x * by\n"
MAIN = """use "./m.mdm" as m
## Adds.
fn add(a, b: Int = 2) { a + b }
let cfg = {rate: 1e-4}
print(add(1, b: 3), m.double(4), cfg.rate)
"""


@pytest_lsp.fixture(
    scope="function",
    params=["visual-studio-code", "neovim", "emacs"],
    config=ClientServerConfig(server_command=[os.environ["MDM"], "lsp"]),
)
async def client(request, lsp_client: LanguageClient, tmp_path: pathlib.Path):
    (tmp_path / "m.mdm").write_text(MODULE)
    lsp_client.folder = tmp_path
    lsp_client.registered = []

    # Editors that offer to watch files answer this; pytest-lsp leaves it to the test.
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        lsp_client.registered += [item.method for item in params.registrations]

    lsp_client.initialized = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            root_uri=tmp_path.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="scripts")],
        )
    )
    yield
    await lsp_client.shutdown_session()


def open_text(client: LanguageClient, text: str, name: str = "main.mdm") -> types.TextDocumentIdentifier:
    uri = (client.folder / name).as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri=uri, language_id="mdm", version=1, text=text)
        )
    )
    return types.TextDocumentIdentifier(uri=uri)


async def diagnostics(client: LanguageClient, document) -> list[types.Diagnostic]:
    if document.uri not in client.diagnostics:
        await asyncio.wait_for(
            client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), timeout=10
        )
    return list(client.diagnostics[document.uri])


def at(line: int, character: int) -> types.Position:
    return types.Position(line=line, character=character)


async def test_the_server_introduces_itself(client: LanguageClient):
    assert client.initialized.server_info.name == "mdm"
    assert client.initialized.capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental


async def test_diagnostics_come_and_go(client: LanguageClient):
    document = open_text(client, "prnt(1)\n")
    found = await diagnostics(client, document)
    assert [item.code for item in found] == ["E0301"]
    assert "did you mean `print`?" in found[0].message
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(uri=document.uri, version=2),
            [
                types.TextDocumentContentChangePartial(
                    range=types.Range(at(0, 0), at(0, 4)), text="print"
                )
            ],
        )
    )
    await asyncio.wait_for(
        client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), timeout=10
    )
    assert list(client.diagnostics[document.uri]) == []


async def test_hover_has_signature_and_documentation(client: LanguageClient):
    document = open_text(client, MAIN)
    hover = await client.text_document_hover_async(types.HoverParams(document, at(4, 7)))
    assert "fn add(a, b: Int = 2)" in hover.contents.value and "Adds." in hover.contents.value


async def test_completion_knows_scope_built_ins_and_arguments(client: LanguageClient):
    document = open_text(client, MAIN + "add(1, ")
    items = await client.text_document_completion_async(
        types.CompletionParams(document, at(5, 7))
    )
    labels = [item.label for item in sorted(items, key=lambda item: item.sort_text)]
    assert labels[0] == "b:" and {"cfg", "m", "train", "while"} <= set(labels)


async def test_completion_after_a_dot_gives_the_modules_members(client: LanguageClient):
    document = open_text(client, MAIN + "m.")
    items = await client.text_document_completion_async(
        types.CompletionParams(document, at(5, 2))
    )
    assert [item.label for item in items] == ["double"]


async def test_signature_help_follows_the_argument(client: LanguageClient):
    document = open_text(client, MAIN + "add(1, ")
    found = await client.text_document_signature_help_async(
        types.SignatureHelpParams(document, at(5, 7))
    )
    assert found.signatures[0].label == "add(a, b: Int = 2)" and found.active_parameter == 1


async def test_definitions_lead_into_modules(client: LanguageClient):
    document = open_text(client, MAIN)
    place = await client.text_document_definition_async(
        types.DefinitionParams(document, at(4, 23))
    )
    assert place.uri == (client.folder / "m.mdm").as_uri()
    assert place.range == types.Range(at(1, 7), at(1, 13))


async def test_references_and_highlights(client: LanguageClient):
    document = open_text(client, MAIN)
    found = await client.text_document_references_async(
        types.ReferenceParams(
            context=types.ReferenceContext(include_declaration=True),
            text_document=document,
            position=at(2, 4),
        )
    )
    assert [place.range.start.line for place in found] == [2, 4]
    marks = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(document, at(2, 4))
    )
    assert [mark.range.start.line for mark in marks] == [2, 4]


async def test_rename_changes_all_files_or_none(client: LanguageClient):
    document = open_text(client, MAIN)
    edit = await client.text_document_rename_async(
        types.RenameParams(document, at(4, 23), new_name="twice")
    )
    assert {pathlib.PurePosixPath(uri).name: len(edits) for uri, edits in edit.changes.items()} == {
        "m.mdm": 1,
        "main.mdm": 1,
    }
    with pytest.raises(JsonRpcException, match="built in"):
        await client.text_document_rename_async(
            types.RenameParams(document, at(4, 1), new_name="write")
        )


async def test_outline_and_folding(client: LanguageClient):
    document = open_text(client, MAIN + "fn f() {\n  1\n}\n")
    symbols = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(document)
    )
    assert [symbol.name for symbol in symbols if "rate" != symbol.name] == ["m", "add", "cfg", "f"]
    ranges = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert (5, 6) in [(part.start_line, part.end_line) for part in ranges]


async def test_unknown_requests_are_refused(client: LanguageClient):
    document = open_text(client, MAIN)
    with pytest.raises(JsonRpcException) as refused:
        await client.text_document_moniker_async(types.MonikerParams(document, at(0, 0)))
    assert refused.value.code == types.ErrorCodes.MethodNotFound


async def test_many_edits_leave_server_and_client_with_one_text(client: LanguageClient):
    """Random changes, counted as the two have agreed; the diagnostics at the end show the server's text."""
    import random

    random.seed(20260117)
    text = "# ä𝔘\n"
    document = open_text(client, text)
    encoding = client.initialized.capabilities.position_encoding
    unit = {"utf-8": lambda s: len(s.encode()), "utf-16": lambda s: len(s.encode("utf-16-le")) // 2}[encoding]

    def place(offset: int) -> types.Position:
        lines = text[:offset].split("\n")
        return at(len(lines) - 1, unit(lines[-1]))

    for version in range(2, 300):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice([0, 0, 0, 1, 5]))
        new = random.choice(["x", "ä", "𝔘", "\n# ", "é ", ""])
        change = types.TextDocumentContentChangePartial(
            range=types.Range(place(start), place(end)), text=new
        )
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=document.uri, version=version), [change]
            )
        )
        text = text[:start] + new + text[end:]
    # Every line becomes a comment of its own; the last one tells its number.
    tail = "\n\nprnt(1)"
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(uri=document.uri, version=300),
            [types.TextDocumentContentChangePartial(range=types.Range(place(len(text)), place(len(text))), text=tail)],
        )
    )
    text += tail
    whole = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert whole is not None
    copy = open_text(client, text, "copy.mdm")
    for _ in range(2):
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(copy))
    assert client.diagnostics[document.uri] == client.diagnostics[copy.uri] != ()


async def test_formatting_lays_a_text_out(client: LanguageClient):
    document = open_text(client, "let   x=[1,2]\nprint( x )\n")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
    assert [edit.new_text for edit in edits] == ["let x = [1, 2]\nprint(x)\n"]
