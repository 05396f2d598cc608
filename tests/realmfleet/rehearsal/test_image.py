from dataclasses import replace

import pytest

import roles
from realmfleet.fleet.services import SERVICES
from realmfleet.rehearsal import image
from realmfleet.rehearsal.errors import RehearsalError


def test_the_name_follows_the_recipe() -> None:
    assert image.DROPLET.tag == replace(image.DROPLET).tag
    assert image.DROPLET.tag.startswith("realmfleet-droplet:trixie-")
    others = [
        replace(image.DROPLET, packages=(*image.DROPLET.packages, "less")),
        replace(image.DROPLET, excluded=("/usr/share/doc/*",)),
        replace(image.DROPLET, changes=()),
    ]
    assert len({image.DROPLET.tag, *(other.tag for other in others)}) == 4


def test_dpkg_leaves_out_what_a_recipe_excludes() -> None:
    recipe = replace(image.DROPLET, excluded=("/usr/share/doc/*",))
    assert "--dpkgopt=path-exclude=/usr/share/doc/*" in recipe.command("/tmp/image.tar")


def test_the_image_holds_no_service_of_ours() -> None:
    # The base role asks for some of what a provider's Debian has anyway.
    services = [name for name in roles.names() if name != "base"]
    ours = {p for name in services for p in roles.packages(name, tuple(SERVICES))}
    assert "postgresql-17" in ours
    assert not ours & set(image.DROPLET.packages)


def test_host_keys_and_the_machine_id_stay_out() -> None:
    order = image.DROPLET.command("/tmp/droplet.tar")
    assert '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*' in order
    assert order[-2:] == ["trixie", "/tmp/droplet.tar"]


def test_a_failed_build_gives_its_first_fault() -> None:
    with pytest.raises(RehearsalError) as caught:
        order = ["sh", "-c", "echo 'I: working' >&2; echo 'E: no such suite' >&2; exit 1"]
        image._run(order, "a droplet")
    assert str(caught.value).endswith("build the image of a droplet: E: no such suite")
