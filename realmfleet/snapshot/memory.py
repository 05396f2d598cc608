"""Which questions a run asked of each droplet: kept between runs, and worth nothing but time."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from realmfleet.snapshot.answers import Question

Stages = tuple[tuple[Question, ...], ...]

FOLDER = ".realmfleet/questions"


class Memory:
    """The questions of one inventory and its deploy files, by droplet."""

    def __init__(self, root: Path, inventory: str, deploys: Sequence[str]) -> None:
        key = hashlib.sha256(json.dumps([inventory, *deploys]).encode()).hexdigest()[:16]
        self.path = root / FOLDER / f"{Path(inventory).stem}-{key}.json"
        self._hosts = self._read()

    def of(self, host: str) -> Stages:
        """What was asked of a droplet, stage by stage, in order."""
        return self._hosts.get(host, ())

    def keep(self, asked: Mapping[str, Sequence[Sequence[Question]]]) -> None:
        """Remember these for the next run. A folder that cannot be written only costs time."""
        now = {host: tuple(tuple(stage) for stage in stages) for host, stages in asked.items()}
        hosts = {**self._hosts, **now}
        if hosts == self._hosts:
            return
        self._hosts = hosts
        # Droplets mostly ask the same: every question stands once.
        every = (q for stages in hosts.values() for stage in stages for q in stage)
        table = list(dict.fromkeys(every))
        place = {question: number for number, question in enumerate(table)}
        text = json.dumps(
            {
                "questions": [[q.command, q.how] for q in table],
                "hosts": {
                    host: [[place[q] for q in stage] for stage in stages]
                    for host, stages in hosts.items()
                },
            }
        )
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_suffix(f".{os.getpid()}")
            beside.write_text(text)
            beside.replace(self.path)

    def _read(self) -> dict[str, Stages]:
        try:
            said = json.loads(self.path.read_text())
            table = [Question(*row) for row in said["questions"]]
            return {
                host: tuple(tuple(table[n] for n in stage) for stage in stages)
                for host, stages in said["hosts"].items()
            }
        except (OSError, ValueError, LookupError, TypeError):
            return {}
