"""papermill writes parameters as mdm and reads the `param`s of a notebook."""

from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

from .declarations import declarations
from .literals import is_name, literal

__all__ = ["MdmTranslator"]


class MdmTranslator(Translator):
    """Gives parameters as `param name = value`.

    A `param` without a type keeps the type that the notebook's own `param` of that name was declared
    with: the kernel refuses what does not fit, and reads "true" or "5min", as papermill's -p passes
    them, for what they mean there.
    """

    @classmethod
    def translate(cls, val):
        try:
            return literal(val)
        except ValueError as error:
            raise PapermillException(str(error)) from None

    # papermill and its users call these too.
    translate_none = translate_bool = translate_int = translate_float = translate
    translate_str = translate_list = translate_dict = translate

    @classmethod
    def comment(cls, cmt_str):
        return "\n".join(f"# {line}".rstrip() for line in cmt_str.splitlines() or [""])

    @classmethod
    def assign(cls, name, str_val):
        if not is_name(name):
            raise PapermillException(
                f"mdm has no parameter named {name!r}: names are letters, digits and _, "
                "do not begin with a digit, and are no reserved words"
            )
        return f"param {name} = {str_val}"

    @classmethod
    def inspect(cls, parameters_cell):
        return [Parameter(*declaration) for declaration in declarations(parameters_cell["source"])]


papermill_translators.register("mdm", MdmTranslator)
