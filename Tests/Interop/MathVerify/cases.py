"""The test cases of math-verify's own source distribution, as records.

    python cases.py FOLDER

FOLDER is the unpacked distribution. Each case is {gold, pred, expected, forms, digits, where}; what its tests
compare in other ways (configurations, time limits, exceptions) is not a pair of texts and is counted apart.
"""
import ast
import json
import sys
from pathlib import Path


def parametrized(function):
    """The argument names and value rows of `@pytest.mark.parametrize`; None without one."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "parametrize":
            names, rows = decorator.args[:2]
            names = names.value if isinstance(names, ast.Constant) else ast.literal_eval(names)
            return [name.strip() for name in names.split(",")], rows
    return None


def value(node):
    """The value of a literal, or of an expression over `math`, as the tests have."""
    import math

    return eval(compile(ast.Expression(node), "case", "eval"), {"math": math})


def forms_of(function):
    """Which forms of answers a test extracts: those of `match_types`; both where it takes the defaults."""
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "match_types":
            return ast.literal_eval(node.value)
    return ["latex", "expr"]


def precision_of(function):
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "precision" and isinstance(node.value, ast.Constant):
            return node.value.value
    return 6


def cases(folder):
    found, other = [], []
    for path in sorted(Path(folder, "tests").glob("test_*.py")):
        for function in ast.parse(path.read_text()).body:
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
                continue
            table = parametrized(function)
            names = table[0] if table else []
            if "gold" not in names:
                other.append(f"{path.name}:{function.lineno} {function.name}")
                continue
            for row in table[1].elts:
                record = dict(zip(names, value(row)))
                found.append({
                    "gold": record["gold"], "pred": record["pred"],
                    "expected": int(record.get("expected", record.get("result"))),
                    "forms": forms_of(function), "digits": record.get("precision", precision_of(function)),
                    "strict": record.get("strict", True),
                    "sets": record.get("allow_set_relation_comp", False),
                    "where": f"{path.name}:{row.lineno} {function.name}"})
    # The one test of a pair that is not in a table.
    found.append({"gold": "$\\frac{1}{3}$", "pred": "0.3333$", "expected": 1, "forms": ["latex", "expr"],
                  "digits": 4, "strict": True, "sets": False, "where": "test_all.py test_precision"})
    return found, other


if __name__ == "__main__":
    pairs, rest = cases(sys.argv[1])
    for pair in pairs:
        print(json.dumps(pair))
    print(f"{len(pairs)} pairs; not pairs: {', '.join(rest)}", file=sys.stderr)
