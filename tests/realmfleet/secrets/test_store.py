"""The store: what goes in comes out, nothing is lost, nothing leaks, mistakes are one line."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyrage
import pytest

import roles
from realmfleet.secrets import SecretsError, Store, ensure_rehearsal, missing, needed, store_for
from realmfleet.secrets.keys import ensure_identity, read_identities, read_recipients
from realmfleet.secrets.place import Place, place_of

VALUE = "correct-horse-battery-staple"


def line(call, *arguments):
    """The one line that a mistake earns."""
    with pytest.raises(SecretsError) as caught:
        call(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    assert VALUE not in text
    assert caught.value.__cause__ is None
    return text


def test_what_goes_in_comes_out(store, place):
    store.set("one", VALUE)
    again = Store(place)
    assert again.get("one") == VALUE
    assert again.names() == ("one",)
    assert datetime.now(UTC) - again.ages()["one"] < timedelta(minutes=1)


def test_the_file_is_armoured_private_and_says_nothing(store, place):
    store.set("redis_admin_password", VALUE)
    text = place.store.read_text()
    assert text.startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    assert VALUE not in text
    assert "redis" not in text
    assert place.store.stat().st_mode & 0o777 == 0o600
    assert place.identity.stat().st_mode & 0o777 == 0o600
    assert place.identity.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in place.store.parent.iterdir()) == [
        "beta.age",
        "recipients.txt",
    ]


def test_filled_values_are_strong_and_kept(store, place):
    assert store.fill(["a", "b"]) == ("a", "b")
    first = {name: store.get(name) for name in store.names()}
    sealed = place.store.read_bytes()
    assert store.fill(["a", "b"]) == ()
    assert place.store.read_bytes() == sealed, "a second run changes nothing, not even the file"
    assert store.fill(["a", "b", "c"]) == ("c",)
    assert {name: store.get(name) for name in ("a", "b")} == first
    assert len(set(first.values())) == 2
    assert all(len(value) >= 43 and value.isascii() for value in first.values())


def test_a_value_is_one_word_of_ascii(store):
    for value in ("", "two words", "two\nlines", "schlüssel", "nul\0", "tab\t"):
        with pytest.raises(SecretsError):
            store.set("one", value)
    assert store.names() == ()


def test_an_unknown_name(store):
    assert "no secret 'one'. Make it: realmfleet secrets init" in line(store.get, "one")
    store.set("redis_admin_password", VALUE)
    assert line(store.get, "redis_admin_pasword").endswith("Did you mean 'redis_admin_password'?")


def test_nothing_shows_a_value(store):
    store.set("one", VALUE)
    assert VALUE not in f"{store!r} {vars(store)!r} {store._content!r}"


def test_another_identity(store, place, tmp_path):
    store.set("one", VALUE)
    other = tmp_path / "other" / "id.txt"
    ensure_identity(other)
    text = line(Store.open(place.store, other).names)
    assert text.startswith(f"{place.store}: it is not sealed for this identity. ")


def test_every_recipient_can_open_it(store, place, tmp_path):
    other = tmp_path / "other" / "id.txt"
    ensure_identity(other)
    (key,) = [str(identity.to_public()) for identity in read_identities(other)]
    store.set("one", VALUE)
    with place.recipients.open("a") as file:
        file.write(f"# a second operator\n{key}\n")
    assert store.fill([]) == ()
    assert Store(Place(place.store, other, place.recipients)).get("one") == VALUE
    assert key in store.recipients()


def test_nobody_locks_himself_out(store, place):
    store.set("one", VALUE)
    before = place.store.read_bytes()
    place.recipients.write_text("# nobody\n")
    assert "your own public key is not in it. Have an operator add" in line(store.set, "two", VALUE)
    assert place.store.read_bytes() == before


DAMAGE = {
    "cut": lambda raw: raw[:-80],
    "stump": lambda raw: raw[:40],
    "empty": lambda raw: raw[:0],
    "other": lambda raw: raw[::-1],
    "flipped": lambda raw: raw.replace(b"A", b"B"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file(store, place, damage):
    store.set("one", VALUE)
    place.store.write_bytes(damage(place.store.read_bytes()))
    text = line(Store(place).names)
    assert text == f"{place.store}: it is damaged or cut off. Take it back from git."
    line(Store(place).set, "two", VALUE)


@pytest.mark.parametrize(
    "clear", [VALUE, json.dumps([VALUE]), json.dumps({"secrets": {"a": VALUE}})]
)
def test_a_file_of_something_else(place, clear):
    recipients = [identity.to_public() for identity in read_identities(place.identity)]
    place.store.write_bytes(pyrage.encrypt(clear.encode(), recipients, armored=True))
    assert "no store of realmfleet's" in line(Store(place).names)


def test_a_folder_that_cannot_be_made(tmp_path, place):
    (tmp_path / "file").write_text("")
    store = Store.open(tmp_path / "file" / "x.age", place.identity)
    assert "writable" in line(store.set, "one", VALUE)


def test_needed_follows_from_the_services(fleet):
    wanted = needed(fleet)
    for service in fleet.services:
        if service in roles.names():
            assert set(roles.secrets(service)) <= set(wanted)
    assert "redis_admin_password" in wanted
    assert wanted["redis_admin_password"][0] == "redis"


def test_a_rehearsal_has_secrets_of_its_own(fleet, tmp_path):
    folder = tmp_path / "rehearsal"
    rehearsed = replace(fleet, rehearsal_dir=str(folder))
    assert missing(rehearsed) == tuple(needed(fleet))
    ensure_rehearsal(folder, rehearsed)
    assert missing(rehearsed) == ()
    first = store_for(rehearsed).get("redis_admin_password")
    ensure_rehearsal(folder, rehearsed)
    assert store_for(rehearsed).get("redis_admin_password") == first
    assert store_for(rehearsed).place.store == folder / "secrets.age"


def test_the_real_store_lies_in_the_repository_and_its_identity_does_not(
    fleet, tmp_path, monkeypatch
):
    monkeypatch.setenv("REALMFLEET_IDENTITY", str(tmp_path / "id.txt"))
    root = tmp_path / "repository"
    place = place_of(fleet, root)
    assert place.store == root / "inventories" / "secrets" / "beta.age"
    assert place.recipients == root / "inventories" / "secrets" / "recipients.txt"
    assert missing(fleet, root) == tuple(needed(fleet))
    monkeypatch.setenv("REALMFLEET_IDENTITY", str(root / "id.txt"))
    assert "beside what it opens" in line(place_of, fleet, root)
    monkeypatch.delenv("REALMFLEET_IDENTITY")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert place_of(fleet, root).identity == tmp_path / ".config" / "realmfleet" / "identity.txt"


def test_recipients_are_what_age_reads(place):
    assert len(read_recipients(place.recipients)) == 1
    lines = place.recipients.read_text().splitlines()
    assert all(text.startswith(("#", "age1")) or not text for text in lines)
