"""The one renderer: the same text for tests and for hosts, byte for byte."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[1] / "templates"


def quoted(text: str) -> str:
    """As SQL quotes a string."""
    return "'" + text.replace("'", "''") + "'"


def conf_quoted(text: str) -> str:
    """As postgresql.conf quotes a string: unlike in SQL a backslash is special there."""
    return quoted(text.replace("\\", "\\\\"))


def env_quoted(text: str) -> str:
    """As systemd reads a value of an EnvironmentFile.

    https://www.freedesktop.org/software/systemd/man/257/systemd.exec.html#EnvironmentFile=
    """
    for special in ("\\", '"', "$", "`"):
        text = text.replace(special, f"\\{special}")
    return f'"{text}"'


@cache
def _environment() -> Environment:
    # Undefined names raise: a typo must not become an empty line in a configuration.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["conf_quoted"] = conf_quoted
    environment.filters["env_quoted"] = env_quoted
    return environment


def render(template: str, **values: Any) -> str:
    """The text of `templates/<template>` with these values."""
    return _environment().get_template(template).render(**values)
