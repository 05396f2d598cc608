"""Who may import whom: the arrows of CONTRIBUTING.md, and their proof that they can break."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PURE = (
    "realmfleet/fleet/",
    "realmfleet/budget/",
    "realmfleet/settings.py",
    "realmfleet/render.py",
    "realmfleet/files.py",
    "realmfleet/amounts.py",
    "realmfleet/environment.py",
    "realmfleet/artifacts/model.py",
    "realmfleet/artifacts/rollout.py",
)
EFFECTS = {
    "pyinfra", "pyinfra_cli", "docker", "click", "rich", "paramiko", "pyrage", "gevent",
    "time", "datetime", "random", "secrets", "socket", "subprocess", "urllib", "http", "os", "sys",
}  # fmt: skip
# Takes addresses apart and contacts nobody.
HARMLESS = ("urllib.parse",)
PYINFRA = (
    "config.py",
    "deploys/",
    "realmfleet/operations/",
    "realmfleet/facts/",
    "realmfleet/live.py",
    "realmfleet/guard/",
    "realmfleet/snapshot/",
)


def files():
    rooms = ("realmfleet", "roles", "deploys", "inventories")
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [ROOT / "config.py", *found]


def imports(source):
    """Every module that the text imports, wherever in it; `from a import b` as a.b too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            if not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_settings(name):
    """Everything of a role but its deploy file: pure."""
    return name.startswith("roles/") and name.count("/") == 2 and not name.endswith("/deploy.py")


def broken(name, module):
    """The arrow that this import breaks, if any."""
    top = module.split(".")[0]
    role = name.split("/")[1] if name.startswith("roles/") and "/" in name[6:] else None
    deploy = name.startswith("roles/") and name.endswith("/deploy.py")
    if module.startswith("."):
        return "relative imports break in files that pyinfra executes"
    if name.startswith("inventories/"):
        return "inventories import nothing"
    pure = name.startswith(PURE) or is_settings(name)
    if pure and top in EFFECTS and not module.startswith(HARMLESS):
        return "the pure part has no effects"
    if name.startswith("realmfleet/fleet/") and top == "roles":
        return "the fleet knows no role"
    if top == "pyinfra" and not (name.startswith(PYINFRA) or deploy):
        return "only operations, facts, deploys, guard and snapshot import pyinfra"
    if top == "pyinfra_cli" and not name.startswith("realmfleet/guard/"):
        return "only the guard imports pyinfra_cli"
    if role and top == "roles" and module.count(".") and module.split(".")[1] != role:
        return "roles never import each other"
    if name.startswith("deploys/") and not _of_a_deploy(module):
        return "deploys import roles' deploy files, operations and pyinfra"
    if name.startswith("realmfleet/") and top == "deploys":
        return "the library knows no deploy"
    return None


def _of_a_deploy(module):
    parts = module.split(".")
    if parts[0] == "roles":
        return len(parts) > 2 and parts[2] == "deploy"
    return parts[0] == "pyinfra" or module.startswith("realmfleet.operations")


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_is_broken(path):
    name = str(path.relative_to(ROOT))
    found = [(module, broken(name, module)) for module in imports(path.read_text())]
    assert [(module, arrow) for module, arrow in found if arrow] == []


BREAKS = {
    "inventories/alpha.py": "import realmfleet.fleet",
    "inventories/group_data/all.py": "from pathlib import Path",
    "realmfleet/fleet/load.py": "from pyinfra import host",
    "realmfleet/budget/split.py": "def f():\n    import time",
    "realmfleet/fleet/model.py": "from roles import names",
    "roles/redis/settings.py": "import datetime",
    "roles/api/settings.py": "from urllib.request import urlopen",
    "roles/redis/defaults.py": "from pyinfra import host",
    "roles/redis/files.py": "from roles.postgres import settings",
    "roles/redis/deploy.py": "from roles.postgres.settings import settings",
    "roles/postgres/deploy.py": "from pyinfra_cli.inventory import make_inventory",
    "deploys/all.py": "from realmfleet.fleet import load_fleet",
    "deploys/data.py": "from roles.redis.settings import settings",
    "realmfleet/cli/main.py": "import pyinfra",
    "realmfleet/rehearsal/play.py": "import pyinfra_cli",
    "realmfleet/live.py": "from . import fleet",
    "realmfleet/verify/all.py": "import deploys.all",
}


@pytest.mark.parametrize(("name", "source"), BREAKS.items(), ids=BREAKS.keys())
def test_a_broken_arrow_is_found(name, source):
    assert any(broken(name, module) for module in imports(source))


KEPT = {
    "roles/api/settings.py": "from urllib.parse import quote",
    "deploys/all.py": "from pyinfra import host\nfrom roles.redis.deploy import redis\n"
    "from realmfleet.operations.stage import barrier",
    "roles/redis/deploy.py": "from pyinfra import host\nfrom roles.redis.settings import settings",
    "realmfleet/guard/built.py": "from pyinfra_cli.inventory import make_inventory",
    "realmfleet/cli/main.py": "import click\nimport roles",
}


@pytest.mark.parametrize(("name", "source"), KEPT.items(), ids=KEPT.keys())
def test_a_kept_arrow_is_left_alone(name, source):
    assert not any(broken(name, module) for module in imports(source))
