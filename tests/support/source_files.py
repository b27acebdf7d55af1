"""What the text of a Python file says of it."""

import ast
from pathlib import Path


def functions_in(file: Path) -> frozenset[str]:
    """Names of the functions at the top of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))
