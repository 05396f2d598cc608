"""`realmfleet explain` and `realmfleet budget`, as an operator types them."""

import json

import pytest

from realmfleet.cli.main import _code as run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("explain alpha postgres shared_buffers", "shared_buffers = 704MB"),
        ("explain alpha postgres fsync", "required: without it a power loss"),
        ("explain alpha redis maxmemory", "leaderboard.maxmemory = 47mb"),
        ("explain alpha pgbouncer", "pool_mode = transaction  recommended"),
        ("explain alpha base vm.overcommit_memory", "vm.overcommit_memory = 1"),
        ("budget alpha", "postgres                           1806"),
        ("budget alpha", "sum                                4096"),
    ],
)
def test_what_an_operator_sees(capsys, words, says):
    assert run(words.split()) == 0
    assert says in capsys.readouterr().out


def test_one_setting_says_how_to_choose_another(capsys):
    assert run(["explain", "alpha", "redis", "session.maxclients"]) == 0
    assert "redis_settings = {" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("explain alpha postgre", "Did you mean 'postgres'?"),
        ("explain alpha postgres shared_bufers", "Did you mean 'shared_buffers'?"),
        ("explain alpah postgres", "Did you mean 'alpha'?"),
        ("explain alpha exporters", "'exporters' has no settings"),
        ("budget alpah", "Did you mean 'alpha'?"),
    ],
)
def test_mistakes_are_named_with_the_nearest(capsys, words, says):
    assert run(words.split()) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "Traceback" not in said.err + said.out


def test_json_for_programs(capsys):
    assert run(["budget", "beta", "--json"]) == 0
    droplets = json.loads(capsys.readouterr().out)
    assert [d["droplet"] for d in droplets] == ["zone-1", "zone-2", "api-1", "db-1", "cache-1"]
    assert run(["explain", "production", "postgres", "max_wal_senders", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: settings[0]["value"] for name, settings in found.items()} == dict.fromkeys(
        ("sgp-db-1", "sgp-db-2", "fra-db-1", "sfo-db-1"), 10
    )
