"""mdm in Jupyter's tools: a kernelspec, a Pygments lexer and a papermill translator.

Importing it imports nothing else; the parts are loaded by the tools that ask for them.
"""

__version__ = "0.1.0"
