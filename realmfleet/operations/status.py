"""The operation that asks a droplet what it does, and hands that to whoever asked."""

import json
import os
from pathlib import Path

from pyinfra import host, logger
from pyinfra.api import operation

from realmfleet import live
from realmfleet.operations import Commands
from realmfleet.operations.ask import ask, unanswered
from realmfleet.status.collect import status as collect
from realmfleet.status.droplet import carried, questions

# A folder: one JSON file a droplet. `realmfleet status` reads them.
ANSWERS = "REALMFLEET_STATUS"


@operation()
def status() -> Commands:
    """Ask everything; write the answers where ANSWERS says, or print them."""
    droplet = live.droplet()
    secrets = live.secrets(*carried(droplet))
    asked = tuple(questions(live.fleet(), droplet, secrets))
    answers, trouble = ask([(q.shell, q.secrets) for q in asked], [*secrets.values()])
    if trouble:
        yield unanswered(trouble)
        return
    text = json.dumps(collect(droplet, asked, answers))
    if folder := os.environ.get(ANSWERS):
        (Path(folder) / f"{droplet.name}.json").write_text(text)
    else:
        logger.info(f"{host.print_prefix}{text}")
    host.noop("nothing was changed")
