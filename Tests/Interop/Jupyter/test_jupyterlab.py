"""JupyterLab as a person uses it: a page in Chromium, on loopback, without any other network."""

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from conftest import make, save

pytest.importorskip("jupyterlab")
sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium")

CELLS = (
    'let steps = [1, 4, 9, 16]  # squares\nprint(f"{len(steps)} steps")\nfn mean_of(xs) -> Float { sum(xs) / len(xs) }',
    "plot(steps)",
    "[1][3]",
    "let done = 0\nwhile true { }",
    "mean_of(steps)",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A server with one notebook; gives its address, folder and token."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    save(make(*CELLS), folder / "notebooks/page.ipynb")
    # No question about news, which would lie over the page.
    settings = folder / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    log = open(folder / "server.log", "w")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
            f"--port={port}", "--port-retries=0", f"--IdentityProvider.token={token}",
            "--ServerApp.jpserver_extensions={'jupyter_lsp': False}",
            "--LabApp.extension_manager=readonly",
            f"--ServerApp.root_dir={folder / 'notebooks'}",
        ],
        stdout=log, stderr=subprocess.STDOUT, cwd=folder,
        env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")})
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/api?token={token}", timeout=2).read()
            break
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                pytest.fail((folder / "server.log").read_text()[-3000:])
            time.sleep(0.1)
    yield address, folder, token
    request = urllib.request.Request(f"{address}/api/shutdown?token={token}", method="POST")
    try:
        urllib.request.urlopen(request, timeout=10).read()
        server.wait(20)
    except (OSError, subprocess.TimeoutExpired):
        server.kill()
        server.wait()
    log.close()


@pytest.fixture(scope="module")
def page(lab):
    """The notebook, open, with its kernel idle."""
    address, _, token = lab
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ])
        page = browser.new_page(viewport={"width": 1280, "height": 1100})
        page.set_default_timeout(20_000)
        page.asked_elsewhere = []
        known = (address, address.replace("http", "ws"), "data:", "blob:")

        def note(request):
            if not request.url.startswith(known):
                page.asked_elsewhere.append(request.url)

        page.on("request", note)
        page.goto(f"{address}/lab/tree/page.ipynb?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        wait_until_idle(page)
        yield page
        browser.close()


def wait_until_idle(page):
    """Waits for what the status bar says: JupyterLab drops keys that run cells before its kernel answers."""
    page.locator("#jp-main-statusbar").get_by_text("mdm | Idle").wait_for()


def cell(page, number):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number - 1)


def run(page, number):
    """Runs a cell by the keys of a person, without waiting for it."""
    cell(page, number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def write_cell(page, text):
    """Puts a new cell behind the last and types into it, as it would be typed."""
    cell(page, page.locator(".jp-Notebook .jp-CodeCell").count()).locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(text)


@pytest.fixture(autouse=True)
def picture(request, page):
    """Keeps a picture of the page behind each test, failed ones too, where MDM_SCREENSHOTS says."""
    yield
    folder = os.environ.get("MDM_SCREENSHOTS")
    if folder:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{request.node.name}.png")


def test_a_cell_runs_and_its_output_is_seen(page):
    run(page, 1)
    output = cell(page, 1).locator(".jp-OutputArea-output pre")
    output.wait_for()
    assert output.inner_text().strip() == "4 steps"
    assert cell(page, 1).locator(".jp-InputPrompt").inner_text() == "[1]:"


def test_a_plot_is_seen_with_its_size(page):
    run(page, 2)
    image = cell(page, 2).locator(".jp-OutputArea-output svg, .jp-OutputArea-output img").first
    image.wait_for()
    page.wait_for_function(
        "() => { const i = document.querySelector('.jp-OutputArea-output img');"
        " return !i || (i.complete && i.naturalWidth > 0) }")
    box = image.bounding_box()
    assert box["width"] > 200 and box["height"] > 150
    assert not page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()


def test_an_error_shows_its_place_and_hint(page):
    run(page, 3)
    error = cell(page, 3).locator(".jp-OutputArea-output.jp-RenderedText")
    error.wait_for()
    text = error.inner_text()
    assert "E0404" in text and "cell[3]:1:" in text


def test_the_interrupt_button_stops_a_cell(page):
    run(page, 4)
    page.locator("#jp-main-statusbar").get_by_text("mdm | Busy").wait_for()
    page.locator('[data-command="notebook:interrupt-kernel"]').first.click()
    cell(page, 4).locator(".jp-OutputArea-output").first.wait_for()
    wait_until_idle(page)
    run(page, 5)
    result = cell(page, 5).locator(".jp-OutputArea-executeResult .jp-OutputArea-output")
    result.wait_for()
    assert result.inner_text().strip() == "7.5"


def test_completion_offers_the_notebooks_own_names(page):
    run(page, 1)
    cell(page, 1).locator(".jp-OutputArea-output").wait_for()
    write_cell(page, "st")
    page.keyboard.press("Tab")
    popup = page.locator(".jp-Completer")
    popup.wait_for()
    offered = popup.locator(".jp-Completer-match").all_inner_texts()
    assert "steps" in offered


def test_inspection_shows_help(page):
    write_cell(page, "plot(")
    page.keyboard.press("Shift+Tab")
    tip = page.locator(".jp-Tooltip")
    tip.get_by_text("plot").first.wait_for()


def test_code_is_coloured_by_the_fallback_mode(page):
    """JupyterLab has no grammar of mdm; the nearest it has is told by the kernel."""
    first = cell(page, 1).locator(".cm-content")
    coloured = first.evaluate(
        "e => [...e.querySelectorAll('.cm-line span')].map(s => [s.textContent, getComputedStyle(s).color])")
    colours = dict(coloured)
    assert any("squares" in text for text in colours), coloured
    assert len(set(colours.values())) >= 2, coloured
    # Comments are toggled with #.
    cell(page, 5).locator(".cm-content").click()
    page.keyboard.press("Control+/")
    assert cell(page, 5).locator(".cm-content").inner_text().startswith("# mean_of")
    page.keyboard.press("Control+/")
    assert cell(page, 5).locator(".cm-content").inner_text().startswith("mean_of")


def test_the_notebook_is_saved_with_outputs_and_is_valid(page, lab):
    _, folder, _ = lab
    page.keyboard.press("Control+s")
    deadline = time.monotonic() + 20
    while True:
        notebook = nbformat.read(folder / "notebooks/page.ipynb", 4)
        if notebook.cells[1].outputs or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    nbformat.validate(notebook)
    assert "image/png" in notebook.cells[1].outputs[0].data
    assert notebook.metadata.language_info.name == "mdm"


def test_the_page_asked_no_other_host(page):
    assert page.asked_elsewhere == []


def test_a_restart_forgets_names(page):
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("0")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    wait_until_idle(page)
    run(page, 5)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-CodeCell')][4].innerText.includes('E0301')")
