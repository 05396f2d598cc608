"""A rehearsed droplet: it boots once, it is reached by its own key, it stays and goes cleanly."""

import subprocess
import sys
import time
from http.client import HTTPResponse
from pathlib import Path

import pytest

from realmfleet.inventory import ROOT
from realmfleet.rehearsal import cache, droplets, engine, image, journals, keys, play
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly

pytestmark = pytest.mark.rehearsal

SHELL = """from pyinfra.operations import server
server.shell(name="Say who it is", commands=["hostname > /tmp/said"])
"""


def test_it_is_a_debian_13_with_systemd(alpha) -> None:
    assert alpha.ok("systemctl is-system-running") == "running"
    assert 'VERSION_ID="13"' in alpha.ok("cat /etc/os-release")
    assert alpha.ok("hostname") == "alpha-1"


def test_nothing_is_lost_of_what_a_quick_command_says_to_a_slow_machine(alpha, monkeypatch) -> None:
    begin = HTTPResponse.begin

    def late(answer: HTTPResponse) -> None:
        time.sleep(0.3)
        begin(answer)

    monkeypatch.setattr(HTTPResponse, "begin", late)
    for most in (10, 3000):
        assert len(alpha.ok(f"seq {most}").split()) == most
    both = alpha.run("echo out; echo err >&2; cat; exit 3")
    assert (both.code, both.stdout, both.stderr) == (3, "out\n", "err\n")


def test_its_memory_is_the_size_in_the_inventory(alpha) -> None:
    limits = alpha.droplet().attrs["HostConfig"]
    assert limits["Memory"] == limits["MemorySwap"] == 4096 * 1024 * 1024


def test_plain_pyinfra_reaches_it_by_the_same_inventory(alpha, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(SHELL)
    outcome = alpha.deploy(file=str(tmp_path / "hello.py"))
    assert outcome.code == 0, outcome.stderr
    assert alpha.ok("cat /tmp/said") == "alpha-1"


def test_ssh_finds_it_by_its_name_and_by_its_real_address(alpha) -> None:
    assert alpha.ssh("hostname").stdout == "alpha-1\n"
    config = str(alpha.stage.dir / "ssh_config")
    answer = subprocess.run(
        ["ssh", "-F", config, "203.0.113.11", "hostname"], capture_output=True, text=True
    )
    assert answer.stdout == "alpha-1\n", answer.stderr


def test_a_droplet_with_another_host_key_is_not_trusted(alpha, tmp_path: Path) -> None:
    address = alpha.addresses["alpha-1"]
    impostor = tmp_path / "known_hosts"
    impostor.write_text(f"{address} {keys.ensure(tmp_path / 'key')}\n")
    (tmp_path / "hello.py").write_text(SHELL)
    outcome = alpha.deploy(
        "--data", f"ssh_known_hosts_file={impostor}", file=str(tmp_path / "hello.py")
    )
    assert outcome.code != 0
    refused = alpha.ssh("true", None, "-o", f"UserKnownHostsFile={impostor}")
    assert refused.code == 255


def test_a_second_up_leaves_it_alone(alpha) -> None:
    before = alpha.droplet().attrs["State"]["StartedAt"]
    again = play.up(alpha.stage, quietly)
    assert alpha.droplet().attrs["State"]["StartedAt"] == before
    assert again.addresses == alpha.addresses


def test_a_killed_droplet_is_named_and_comes_back_at_its_address(alpha) -> None:
    alpha.kill()
    with pytest.raises(RehearsalError, match=r"alpha-1 is exited.*realmfleet rehearse up alpha"):
        play.find(alpha.stage)
    assert play.up(alpha.stage, quietly).addresses == alpha.addresses
    assert alpha.ssh("true").code == 0


def test_packages_of_one_droplet_serve_the_next(alpha) -> None:
    name = alpha.stage.container("alpha-1")
    own = f"{cache.MOUNT}/{name}"
    alpha.ok(f"touch {own}/story_1_all.deb")
    cache.collect(alpha.droplet(), name)
    cache.fill(alpha.droplet(), "another")
    links = alpha.ok(f"stat -c %h {cache.MOUNT}/another/story_1_all.deb")
    alpha.ok(f"rm -rf {cache.MOUNT}/another {cache.MOUNT}/*/story_1_all.deb")
    assert links == "3", "one file, in three folders"
    assert alpha.ok("apt-config dump Dir::Cache::Archives").endswith(f'"{own}/";')
    assert alpha.ok(f"stat -c '%U %a' {own}/partial") == "_apt 700"


def test_its_journal_is_read_and_kept(alpha) -> None:
    alpha.ok("logger --tag story 'it was a dark night'")
    (path,) = journals.save(alpha.rehearsal.client, alpha.stage)
    assert "it was a dark night" in (ROOT / path).read_text()
    (ROOT / path).unlink()


def test_the_exit_code_of_a_command_comes_through(alpha, monkeypatch) -> None:
    monkeypatch.setenv("REALMFLEET_STAGE", alpha.stage.name)
    realmfleet = str(Path(sys.executable).parent / "realmfleet")
    words = [realmfleet, "rehearse", "ssh", "alpha", "--", "echo out; exit 7"]
    answer = subprocess.run(words, capture_output=True, text=True)
    assert (answer.returncode, answer.stdout) == (7, "out\n")


def test_the_image_has_no_host_key_and_no_id_of_its_own() -> None:
    client = engine.ready(quietly)
    name = image.ensure(client, quietly)
    script = "find /etc/ssh/ssh_host_* /root/.ssh/* /home/*; cat /etc/machine-id"
    order = ["sh", "-c", f"{{ {script}; }} 2>/dev/null; true"]
    said = client.containers.run(name, order, remove=True)
    assert said == b""


def test_down_leaves_nothing_behind() -> None:
    stage = Stage(ROOT, "alpha", "gone")
    rehearsal = play.up(stage, quietly)
    play.down(stage, quietly)
    client = rehearsal.client
    assert droplets.containers(client, stage) == {}
    assert client.networks.list(filters=stage.label_filter) == []
    assert not stage.dir.exists()


@pytest.mark.parametrize(
    ("capabilities", "said"),
    [((), "does not boot"), (("NO_SUCH_CAPABILITY",), "cannot run a droplet: .*NO_SUCH")],
)
def test_an_engine_that_lacks_a_capability_is_told_in_one_message(
    monkeypatch, capabilities: tuple[str, ...], said: str
) -> None:
    stage = Stage(ROOT, "alpha", "weak")
    monkeypatch.setattr(droplets, "CAPABILITIES", capabilities)
    monkeypatch.setattr(droplets, "BOOT_S", 10)
    try:
        with pytest.raises(RehearsalError, match=said) as caught:
            play.up(stage, quietly)
    finally:
        play.down(stage, quietly)
    assert "a rootless or nested" in str(caught.value)
