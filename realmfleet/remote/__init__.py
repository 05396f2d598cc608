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


# A module that a program imports on the droplet, where nothing of ours is installed.
_CARRY = """import sys, types
{name} = types.ModuleType({name!r})
exec({source!r}, {name}.__dict__)
sys.modules[{name!r}] = {name}
"""


def script(program: str, payload: Any, *carried: str) -> str:
    """What `python3 -I -` reads: the program, then a call of its `main` with the payload.

    `carried` are further files of this folder, which the program imports.
    """
    along = "".join(_CARRY.format(name=name, source=_source(name)) for name in carried)
    call = f"main(json.loads({json.dumps(json.dumps(payload))}))"
    return f"{along}{_source(program)}\n\n{call}\n"
