import html.parser
import json
import re

import nbformat
from conftest import make, mdm, python, save, streams

SOURCE = 'let xs = [1, 4, 9]  # squares\nprint(f"{len(xs)} values")\nplot(xs)'


def test_it_executes(tmp_path):
    save(make(SOURCE), tmp_path / "a.ipynb")
    python("nbconvert", "--to", "notebook", "--execute", "--output", "b", "a.ipynb", folder=tmp_path)
    (cell,) = nbformat.read(tmp_path / "b.ipynb", 4).cells
    assert streams(cell) == "3 values\n"
    assert nbformat.read(tmp_path / "b.ipynb", 4).metadata.language_info.pygments_lexer == "mdm"


def test_html_has_colours_and_pictures(tmp_path):
    save(make(SOURCE), tmp_path / "a.ipynb")
    python("nbconvert", "--to", "html", "--execute", "a.ipynb", folder=tmp_path)
    page = (tmp_path / "a.html").read_text()
    html.parser.HTMLParser().feed(page)
    # Pygments' classes: declaration, comment, interpolated value, call.
    assert '<span class="kd">let</span>' in page
    assert re.search(r'<span class="c1"># squares</span>', page)
    assert '<span class="si">{</span>' in page
    assert '<span class="nf">len</span>' in page
    assert "3 values" in page
    assert "<svg" in page or "data:image/svg+xml" in page or "data:image/png" in page


def test_script_is_mdm_that_runs(tmp_path):
    save(make("let x = 2", "print(x * 3)"), tmp_path / "a.ipynb")
    python("nbconvert", "--to", "script", "a.ipynb", folder=tmp_path)
    assert mdm("run", "a.mdm", folder=tmp_path) == "6\n"


def test_a_time_limit_interrupts_the_cell(tmp_path):
    save(make("while true { }"), tmp_path / "a.ipynb")
    text = python(
        "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=2",
        "a.ipynb", folder=tmp_path, status=1)
    assert "CellTimeoutError" in text


def test_markdown_keeps_the_language(tmp_path):
    save(make("1 + 1"), tmp_path / "a.ipynb")
    python("nbconvert", "--to", "markdown", "a.ipynb", folder=tmp_path)
    assert "```mdm\n1 + 1\n```" in (tmp_path / "a.md").read_text()


def test_what_mdm_executed_nbconvert_shows(tmp_path):
    save(make(SOURCE), tmp_path / "a.ipynb")
    mdm("nb", "run", "a.ipynb", "-o", "b.ipynb", folder=tmp_path)
    nbformat.validate(json.loads((tmp_path / "b.ipynb").read_text()))
    python("nbconvert", "--to", "html", "b.ipynb", folder=tmp_path)
    page = (tmp_path / "b.html").read_text()
    assert '<span class="kd">let</span>' in page and "3 values" in page
