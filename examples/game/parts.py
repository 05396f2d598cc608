"""What the sample game is built from, what comes out, and whether that must be done again. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# The builder's own folders: the source lies where Go looks for it, results in OUT.
WORK = "/build"
OUT = f"{WORK}/out"
GO_SOURCE = f"{WORK}/go/src/game/api"

# Debian's libraries, no network, no module file. One set of flags for every step: Go compiles
# the libraries once. Its default /tmp may be mounted noexec, and tests are programs.
GO_ENVIRONMENT = {
    "GO111MODULE": "off",
    "GOPATH": f"{WORK}/go:/usr/share/gocode",
    "GOPROXY": "off",
    "GOFLAGS": "-trimpath -buildvcs=false",
    "GOTMPDIR": f"{WORK}/tmp",
    "GOCACHE": f"{WORK}/cache",
    "CGO_ENABLED": "0",
}
GODOT_ENVIRONMENT = {"HOME": f"{WORK}/tmp"}

# Godot runs on, and packs on, past a script that it cannot parse: each is checked by itself.
CHECK_SCRIPTS = """
found=0
for script in $(find . -name '*.gd' | sort); do
  godot3-server --path . --check-only -s "$script" >/build/tmp/said 2>&1 && continue
  grep -v 'NULL RID' /build/tmp/said; echo "$script is no good script"; found=1
done
exit $found
"""


@dataclass(frozen=True)
class Part:
    """One artifact: its folder of sources, and shell commands that run in a copy of it.

    `steps` are pairs of what to tell and the command.
    """

    name: str
    folder: str
    source: str
    environment: Mapping[str, str]
    steps: tuple[tuple[str, str], ...]


def parts(version: str) -> tuple[Part, ...]:
    """Everything that can be built, in order."""
    return (_api(version), _pack("zone", "zone server"), _pack("bots", "bots"))


def _api(version: str) -> Part:
    build = f'go build -ldflags "-s -w -X main.version={version}" -o {OUT}/game-api .'
    return Part(
        "game-api",
        "api",
        GO_SOURCE,
        GO_ENVIRONMENT,
        (
            ("Check the API's source", "go vet ."),
            ("Test the API", "go test ."),
            ("Build the API", build),
        ),
    )


def _pack(name: str, what: str) -> Part:
    output = f"{OUT}/{name}.pck"
    export = f"godot3-server --path . --export-pack linux {output} 2>&1 | grep -v 'NULL RID'"
    steps = (
        (f"Check the scripts of the {what}", CHECK_SCRIPTS),
        (f"Pack the {what}", f"{export}; test -s {output}"),
    )
    return Part(f"{name}.pck", name, f"{WORK}/{name}", GODOT_ENVIRONMENT, steps)


def files_of(folder: Path) -> tuple[Path, ...]:
    """The sources of a part: everything but hidden files, which editors and Godot leave behind."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not _hidden(path.relative_to(folder))))


def stamp(part: Part, folder: Path, image: str) -> str:
    """Changes with the sources, the commands and the builder; the version is in the commands."""
    digest = hashlib.sha256(repr((part, image)).encode())
    for path in files_of(folder):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()


def _hidden(path: Path) -> bool:
    return any(name.startswith(".") for name in path.parts)
