"""Inventory files as they are written: literals only, nothing twice, no secret."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from realmfleet.fleet import Mistake

_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.UnaryOp, ast.USub, ast.Load)
_SECRETS = ("ssh_password", "ssh_key_password", "_sudo_password")


def check_readable(path: Path, shown: str) -> Iterator[Mistake]:
    """Why the file cannot be taken as data; such a file must not even be executed."""
    try:
        tree = ast.parse(path.read_bytes(), shown)
    except SyntaxError as error:
        what = f"{error.msg}"
        yield Mistake(f"{shown} line {error.lineno or 1}", what, "Mend the line or the one above.")
        return
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "it is no Python file"
        yield Mistake(shown, str(what), "Name an inventory file, like inventories/alpha.py.")
        return
    for statement in tree.body:
        if node := _strange(statement):
            what = "an inventory holds literals only: names with lists, strings, numbers"
            yield Mistake(f"{shown} line {node.lineno}", what, "Write the value itself.")


def check_written(path: Path, shown: str, *, inventory: bool) -> Iterator[Mistake]:
    """Slips that pyinfra passes over. Only for a readable file."""
    assigned = list(assignments(path))
    for name, times in Counter(name for name, _ in assigned).items():
        if times > 1:
            yield Mistake(f"{shown}: {name!r}", "it is set twice", "Join both.")
    for name, value in assigned:
        line = f"{shown} line {value.lineno}"
        yield from _data_keys(line, [name] if not inventory else [])
        for found in (node for node in ast.walk(value) if isinstance(node, ast.Dict)):
            keys = [ast.literal_eval(key) for key in found.keys if key is not None]
            yield from _data_keys(f"{shown} line {found.lineno}", keys)
        if inventory and not name.startswith("_"):
            yield from _group(line, name, ast.literal_eval(value))


def _strange(statement: ast.stmt) -> ast.stmt | ast.expr | None:
    """The first part that is no literal."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return None
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return statement
    if not isinstance(statement.targets[0], ast.Name):
        return statement
    for node in ast.walk(statement.value):
        if not _plain(node):
            return node if isinstance(node, ast.expr) else statement
    return None


def _plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None or isinstance(node.value, str | int | float)
    if isinstance(node, ast.Dict):
        # A key of None is `**other`.
        return all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in node.keys)
    if isinstance(node, ast.UnaryOp):
        number = node.operand
        return isinstance(number, ast.Constant) and isinstance(number.value, int | float)
    return isinstance(node, _PLAIN)


def assignments(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """The names that a readable file sets, with their values, in its order."""
    for statement in ast.parse(path.read_bytes()).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, statement.value


def _data_keys(line: str, keys: list[str]) -> Iterator[Mistake]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Mistake(f"{line}: {key!r}", "it is set twice", "Leave one.")
        if key in _SECRETS:
            mend = "Use a key with an agent, or pyinfra's --ssh-password-prompt."
            yield Mistake(f"{line}: {key}", "a secret in clear text", mend)


def _group(line: str, name: str, value: object) -> Iterator[Mistake]:
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        value = value[0]
    if not isinstance(value, list):
        mend = "Knobs belong in inventories/group_data/, or beside the droplet's size."
        yield Mistake(f"{line}: {name!r}", "not a list of droplets", mend)
        return
    names = []
    for entry in value:
        host = entry[0] if isinstance(entry, tuple) and len(entry) == 2 else entry
        if not isinstance(host, str) or (entry is not host and not isinstance(entry[1], dict)):
            mend = "Write 'name', or ('name', {its data})."
            yield Mistake(f"{line}: {name!r}", f"{entry!r} is no droplet", mend)
        else:
            names.append(host)
    for host, times in Counter(names).items():
        if times > 1:
            yield Mistake(f"{line}: {name!r}", f"{host!r} stands there twice", "Leave one.")
