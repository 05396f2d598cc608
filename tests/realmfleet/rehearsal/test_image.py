import pytest

import roles
from realmfleet.fleet.services import SERVICES
from realmfleet.rehearsal import image
from realmfleet.rehearsal.errors import RehearsalError


def test_the_name_follows_the_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = image.tag()
    assert before == image.tag()
    assert before.startswith("realmfleet-droplet:trixie-")
    monkeypatch.setattr(image, "PACKAGES", (*image.PACKAGES, "less"))
    assert image.tag() != before


def test_the_image_holds_no_service_of_ours() -> None:
    # The base role asks for some of what a provider's Debian has anyway.
    services = [name for name in roles.names() if name != "base"]
    ours = {p for name in services for p in roles.packages(name, tuple(SERVICES))}
    assert "postgresql-17" in ours
    assert not ours & set(image.PACKAGES)


def test_host_keys_and_the_machine_id_stay_out() -> None:
    order = image.command("/tmp/droplet.tar")
    assert '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*' in order
    assert order[-2:] == ["trixie", "/tmp/droplet.tar"]


def test_a_failed_build_gives_its_first_fault() -> None:
    with pytest.raises(RehearsalError) as caught:
        image._run(["sh", "-c", "echo 'I: working' >&2; echo 'E: no such suite' >&2; exit 1"])
    assert str(caught.value).endswith("could not build the droplet's image: E: no such suite")
