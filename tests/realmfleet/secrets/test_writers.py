"""Several writers, and killed ones: no write is lost, no file is half."""

import subprocess
import sys
import threading
import time

from realmfleet.secrets import Store

VALUE = "correct-horse-battery-staple"

WRITER = """
import sys
from pathlib import Path
from realmfleet.secrets import Store
store, identity, name = sys.argv[1:]
Store.open(Path(store), Path(identity)).set(name, "x" * 20)
"""


def test_no_write_is_lost_between_two_writers(place):
    plain = Store.open(place.store, place.identity)
    names = [f"name{number}" for number in range(6)]
    argv = [sys.executable, "-c", WRITER, str(place.store), str(place.identity)]
    children = [subprocess.Popen([*argv, name]) for name in names]
    assert [child.wait() for child in children] == [0] * len(names)
    assert plain.names() == tuple(names)
    threads = [
        threading.Thread(target=Store.open(place.store, place.identity).set, args=(f"t{n}", VALUE))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Store.open(place.store, place.identity).names()) == 12


ENDLESS = """
import sys
from pathlib import Path
from realmfleet.secrets import Store
store = Store.open(Path(sys.argv[1]), Path(sys.argv[2]))
number = 0
while True:
    number += 1
    store.set("one", f"value-{number}")
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_the_old_file_or_the_new_one(place):
    argv = [sys.executable, "-c", ENDLESS, str(place.store), str(place.identity)]
    for pause in (0, 0.001, 0.002, 0.003, 0.005):
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        child.kill()
        said = [int(number) for number in child.stdout.read().split()] or [1]
        child.wait()
        value = int(Store.open(place.store, place.identity).get("one").removeprefix("value-"))
        assert value in (said[-1], said[-1] + 1), "what was said to be written is there"
    Store.open(place.store, place.identity).set("two", VALUE)
    assert [path.name for path in place.store.parent.glob(".*")] == []


def test_a_writer_killed_before_the_move_changes_nothing(store, place):
    store.set("one", VALUE)
    remains = place.store.with_name(f".{place.store.name}.new")
    remains.write_bytes(b"half a fi")
    assert Store(place).get("one") == VALUE
    store.set("two", VALUE)
    assert not remains.exists()
