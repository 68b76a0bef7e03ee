import nbformat
from conftest import ROOT, make, mdm, python, save

CELLS = (
    'param lr: Float = 1e-4, "peak"',
    "# %% is a comment here\nlet s = \"\"\"\n```\ntext: {a}\n```\n\"\"\"",
    ":time 1 + 1",
    "fn f(x) {\n\n  x + 1  # é 日本\n}\n",
)


def cells(path):
    return [
        (cell.cell_type, cell.source.rstrip("\n"), cell.metadata.get("tags", []))
        for cell in nbformat.read(path, 4).cells]


def test_myst_goes_there_and_back_without_loss(tmp_path):
    notebook = make(*CELLS, tags={0: ["parameters"]})
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# Title\n\nwith *text*"))
    save(notebook, tmp_path / "a.ipynb")
    python("jupytext", "--to", "md:myst", "a.ipynb", folder=tmp_path)
    assert "{code-cell} mdm" in (tmp_path / "a.md").read_text()
    python("jupytext", "--to", "ipynb", "-o", "b.ipynb", "a.md", folder=tmp_path)
    assert cells(tmp_path / "b.ipynb") == cells(tmp_path / "a.ipynb")
    assert nbformat.read(tmp_path / "b.ipynb", 4).metadata.kernelspec.name == "mdm"


def test_myst_executes(tmp_path):
    save(make("6 * 7"), tmp_path / "a.ipynb")
    python("jupytext", "--to", "md:myst", "a.ipynb", folder=tmp_path)
    python("jupytext", "--to", "ipynb", "--execute", "-o", "b.ipynb", "a.md", folder=tmp_path)
    assert nbformat.read(tmp_path / "b.ipynb", 4).cells[0].outputs[0].data["text/plain"] == "42"


def test_our_notebooks_go_through_myst(tmp_path):
    mdm("nb", "convert", ROOT / "notebooks/quickstart.mdm", tmp_path / "a.ipynb", folder=tmp_path)
    python("jupytext", "--to", "md:myst", "a.ipynb", folder=tmp_path)
    python("jupytext", "--to", "ipynb", "-o", "b.ipynb", "a.md", folder=tmp_path)
    assert cells(tmp_path / "b.ipynb") == cells(tmp_path / "a.ipynb")


def test_what_the_documentation_says_does_not_work(tmp_path):
    """docs/jupyter.md warns of both; when jupytext learns them, the page changes."""
    (tmp_path / "a.mdm").write_text("# %%\n1 + 1\n")
    assert "mdm" in python("jupytext", "--to", "ipynb", "a.mdm", folder=tmp_path, status=1)
    save(make("1 + 1"), tmp_path / "b.ipynb")
    python("jupytext", "--to", "md", "b.ipynb", folder=tmp_path)
    python("jupytext", "--to", "ipynb", "-o", "c.ipynb", "b.md", folder=tmp_path)
    assert "code" not in [kind for kind, _, _ in cells(tmp_path / "c.ipynb")]
