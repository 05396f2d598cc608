import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()


def _make(*words: str) -> str:
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_plain_make_explains_every_target_that_is_meant_for_people() -> None:
    explained = dict(re.findall(r"^  make (\S+) +(.+)$", _make(), re.MULTILINE))
    assert {"setup", "alpha", "test", "test-long", "down", "lint", "clean"} <= set(explained)
    for target in explained:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_make_test_ends_with_pytest() -> None:
    assert _make("-n", "test").splitlines()[-1].endswith('pytest -m "rehearsal and not long"')


def test_ci_runs_what_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()
    assert "set -eu" in script.read_text()
