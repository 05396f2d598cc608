"""What lets the operator into a droplet, put there before its first boot."""

import io
import tarfile
import time
from collections.abc import Iterable
from dataclasses import dataclass

from realmfleet.rehearsal import cache


@dataclass(frozen=True)
class Access:
    """What lets us in: the operator's public key and the droplet's own host key pair."""

    authorized_key: str
    host_key: str
    host_key_public: str


def tar_of(container: str, access: Access, more: Iterable[tuple[str, int, str]] = ()) -> bytes:
    """A tar file of what a droplet has that its image has not; owned by root, like all in it.

    `more`: (path, mode, text) of further files.
    """
    files: tuple[tuple[str, int, str | None], ...] = (
        ("root/.ssh", 0o700, None),
        ("root/.ssh/authorized_keys", 0o600, f"{access.authorized_key}\n"),
        ("etc/ssh/ssh_host_ed25519_key", 0o600, access.host_key),
        ("etc/ssh/ssh_host_ed25519_key.pub", 0o644, f"{access.host_key_public}\n"),
        (cache.APT_CONF, 0o644, cache.apt_conf(container)),
        *more,
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, mode, text in files:
            entry = tarfile.TarInfo(path)
            entry.mode, entry.mtime = mode, int(time.time())
            entry.type = tarfile.DIRTYPE if text is None else tarfile.REGTYPE
            entry.size = len((text or "").encode())
            tar.addfile(entry, io.BytesIO((text or "").encode()))
    return buffer.getvalue()
