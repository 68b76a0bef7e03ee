"""`papermill --engine mdm`: papermill's own engine, but unknown parameters are errors.

papermill loads all engines when it starts; loading this one registers the translator.
"""

import difflib

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException

from .declarations import declarations
from .translator import MdmTranslator

__all__ = ["MdmEngine", "MdmTranslator"]


class MdmEngine(NBClientEngine):
    """Runs a notebook when each given parameter is declared by a `param` in one of its cells."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        notebook = nb_man.nb
        known = [
            declaration.name
            for cell in notebook.cells
            if cell.cell_type == "code"
            and "injected-parameters" not in cell.metadata.get("tags", [])
            for declaration in declarations(cell.source)
        ]
        for name in notebook.metadata.get("papermill", {}).get("parameters", {}):
            if name not in known:
                raise PapermillException(_unknown(name, known))
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


def _unknown(name, known):
    message = f"the notebook has no param `{name}`"
    near = difflib.get_close_matches(name, known, 1)
    if near:
        return f"{message}: did you mean `{near[0]}`?"
    return f"{message}; it has {', '.join(known)}" if known else f"{message}; it has none"
