"""Short programs that run on a droplet's own Python, standard library only.

They travel over standard input together with their payload, so that neither program nor
secret ever stands in a command line.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _source(program: str) -> str:
    return files(__name__).joinpath(f"{program}.py").read_text(encoding="utf-8")


def script(program: str, payload: Any) -> str:
    """What `python3 -I -` reads: the program, then a call of its `main` with the payload."""
    return f"{_source(program)}\n\nmain(json.loads({json.dumps(json.dumps(payload))}))\n"
