import io
import stat
import tarfile
from pathlib import Path

import paramiko

from realmfleet.rehearsal import keys
from realmfleet.rehearsal.access import Access, tar_of


def test_a_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "db.1"
    public = keys.ensure(path)
    assert keys.ensure(path) == public
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert paramiko.Ed25519Key(filename=str(path)).get_base64() == public.split()[1]


def test_droplets_whose_names_begin_alike_have_their_own_keys(tmp_path: Path) -> None:
    assert keys.ensure(tmp_path / "db.1") != keys.ensure(tmp_path / "db.2")


def test_private_files_are_private_on_the_droplet() -> None:
    with _open("alpha-1", Access("ours", "secret", "public")) as tar:
        modes = {entry.name: (entry.mode, entry.uid, entry.gid) for entry in tar}
        assert modes["root/.ssh"] == (0o700, 0, 0)
        assert modes["root/.ssh/authorized_keys"] == (0o600, 0, 0)
        assert modes["etc/ssh/ssh_host_ed25519_key"] == (0o600, 0, 0)
        assert _read(tar, "etc/ssh/ssh_host_ed25519_key") == "secret"
        assert _read(tar, "root/.ssh/authorized_keys") == "ours\n"


def test_each_droplet_has_its_own_archive_folder() -> None:
    with _open("db-1", Access("", "", "")) as tar:
        conf = _read(tar, "etc/apt/apt.conf.d/99rehearsal-cache")
    assert 'Dir::Cache::Archives "/var/cache/rehearsal-apt/db-1/";' in conf


def _open(droplet: str, access: Access) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(tar_of(droplet, access)))


def _read(tar: tarfile.TarFile, path: str) -> str:
    file = tar.extractfile(path)
    assert file is not None
    return file.read().decode()
