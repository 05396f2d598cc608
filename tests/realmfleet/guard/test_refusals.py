"""Plain pyinfra, started wrongly in every way that it would pass with exit code 0."""

from datetime import timedelta

import pytest

from realmfleet.inventory import read_fleet
from realmfleet.secrets import Store, made
from realmfleet.secrets.keys import ensure_identity
from tests.realmfleet.secrets.pems import NOW, certificate, ec_key, key_pem, pem

DEPLOY = "deploys/probe.py"
ALPHA = "inventories/alpha.py"
NO_SECRETS = "inventories/secrets/alpha.age: no secrets yet. Run: realmfleet secrets init alpha"


def spoil(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


WORDS = {
    "mistyped inventory": (
        ["-y", "inventories/alhpa.py", DEPLOY],
        "inventories/alhpa.py: there is no such inventory. Did you mean 'inventories/alpha.py'?",
    ),
    "a fleet's bare name": (
        ["-y", "alpha", DEPLOY],
        "alpha: there is no such inventory. Did you mean 'inventories/alpha.py'?",
    ),
    "nothing like it": (
        ["-y", "inventories/zzzzzzzz.py", DEPLOY],
        "inventories/zzzzzzzz.py: there is no such inventory. Known: inventories/alpha.py,"
        " inventories/beta.py, inventories/production.py.",
    ),
    "a folder": (
        ["-y", "inventories", DEPLOY],
        "inventories: a folder, not an inventory. Known: inventories/alpha.py,"
        " inventories/beta.py, inventories/production.py.",
    ),
    "the wrong way round": (
        ["-y", DEPLOY, ALPHA],
        f"{DEPLOY}: a deploy where the inventory belongs. The inventory comes first:"
        f" pyinfra inventories/alpha.py {DEPLOY}",
    ),
    "a deploy without an inventory": (
        ["-y", "198.18.0.1", DEPLOY],
        "198.18.0.1: a deploy needs an inventory, which says what each droplet is. Known:"
        " inventories/alpha.py, inventories/beta.py, inventories/production.py.",
    ),
    "a host that cannot be found": (
        ["-y", "nobody.invalid", "exec", "--", "true"],
        "nobody.invalid: neither an inventory nor a host that can be found. Name a file, for"
        " example inventories/alpha.py.",
    ),
    "a value without a key": (
        [ALPHA, "debug-inventory", "--data", "foo"],
        "--data foo: no value. Write it as key=value.",
    ),
    "an unknown overlay": (
        [ALPHA, "debug-inventory", "--data", "postgres_setings=1"],
        "alpha-1: postgres_setings: unknown key. Did you mean 'postgres_settings'?",
    ),
    "group data from nowhere": (
        [ALPHA, "debug-inventory", "--group-data", "nowhere"],
        "--group-data nowhere: there is no such folder. pyinfra would pass over it: name an"
        " existing one.",
    ),
    "a limit that matches nobody": (
        [ALPHA, "debug-inventory", "--limit", "singapor"],
        "--limit singapor: no droplet and no group. Did you mean 'singapore'?",
    ),
    "an exclusion that matches nobody": (
        [ALPHA, "debug-inventory", "--exclude", "alpha-2"],
        "--exclude alpha-2: no droplet and no group. Did you mean 'alpha-1'?",
    ),
    "an exclusion of all": (
        [ALPHA, "debug-inventory", "--exclude", "alpha-*"],
        "--exclude alpha-*: it leaves no droplet. Exclude fewer.",
    ),
    "no waiting": (
        [ALPHA, "debug-inventory", "--no-wait"],
        "--no-wait: pyinfra reports success although droplets have failed. Leave it out.",
    ),
    "dry and yes": (
        [ALPHA, "debug-inventory", "--dry", "-y"],
        "--dry -y: with both, pyinfra detects no change and reports none. Leave out -y (or"
        " PYINFRA_YES).",
    ),
}


@pytest.mark.parametrize(("words", "line"), WORDS.values(), ids=WORDS.keys())
def test_a_wrong_call_is_refused(pyinfra, words, line):
    answer = pyinfra(*words)
    assert answer.code == 1
    assert line in answer.lines


def test_a_missing_deploy_file(pyinfra, knocked):
    answer = pyinfra("-y", str(knocked), "deploys/prob.py")
    assert answer.code == 1
    assert "No deploy file: deploys/prob.py" in answer.err


def test_placeholders_are_refused_wherever_they_would_be_contacted(pyinfra):
    line = (
        "alpha-1: ssh_hostname: 203.0.113.11 is a placeholder, not a droplet's address."
        " Put the real one there, or rehearse: realmfleet rehearse up alpha"
    )
    assert pyinfra(ALPHA, "debug-inventory").code == 0
    for words in (["exec", "--", "true"], ["fact", "server.Hostname"], ["-y", DEPLOY]):
        answer = pyinfra(ALPHA, *words)
        assert (answer.code, answer.lines[0]) == (1, line)
    assert pyinfra("--dry", ALPHA, DEPLOY).lines == [line, NO_SECRETS]


def test_only_those_that_a_run_means_need_an_address(pyinfra, checkout, silent):
    path = checkout / "inventories" / "beta.py"
    real = f'"127.0.0.1", "ssh_port": {silent}, "public_ip": "198.18.0.1"'
    spoil(path, '"203.0.113.24"', real)
    answer = pyinfra("--dry", "inventories/beta.py", DEPLOY, "--limit", "db-1")
    assert [line.split(":")[0] for line in answer.lines] == ["inventories/secrets/beta.age"]
    answer = pyinfra("--dry", "inventories/beta.py", DEPLOY, "--exclude", "zone")
    assert [line.split(":")[0] for line in answer.lines[:-1]] == ["api-1", "cache-1"]


def test_secrets_are_needed_for_a_deploy_only(pyinfra, knocked, silent):
    answer = pyinfra("-y", str(knocked), DEPLOY)
    assert (answer.code, answer.lines) == (1, [NO_SECRETS])
    assert pyinfra(str(knocked), "debug-inventory").code == 0
    assert silent


@pytest.fixture
def sealed(checkout, tmp_path):
    """The checkout's store, with all that `secrets init` makes and nothing that is given."""
    identity = tmp_path / "home" / "identity.txt"
    ensure_identity(identity)
    store = Store.open(checkout / "inventories" / "secrets" / "alpha.age", identity)
    store.fill(made(read_fleet("alpha")))
    return store


def refusal(answer):
    (line,) = [line for line in answer.lines if line.startswith("haproxy_certificate: ")]
    return line


def test_what_only_an_operator_can_give(pyinfra, knocked, sealed):
    line = refusal(pyinfra("-y", str(knocked), DEPLOY))
    assert line.startswith("haproxy_certificate: still to be given, the edge's certificate")
    assert line.endswith("Run: realmfleet secrets set alpha haproxy_certificate < FILE")
    assert "haproxy_certificate" not in sealed.names()


def test_a_certificate_that_has_expired_since(pyinfra, knocked, sealed, monkeypatch):
    key, past = ec_key(), NOW - timedelta(days=1990)
    own = pem(certificate("api", key, start=-2000, days=20)) + key_pem(key)
    monkeypatch.setattr("realmfleet.secrets.certificate.utc_now", lambda: past)
    sealed.set("haproxy_certificate", own)
    line = refusal(pyinfra("-y", str(knocked), DEPLOY))
    assert "'api' expired on 2020-12-29. Renew it. Then run: realmfleet secrets set" in line


def test_becoming_root(pyinfra, knocked):
    answer = pyinfra("-y", str(knocked), DEPLOY, "--ssh-user", "anna")
    line = "alpha-1: ssh_user: 'anna' is not root. Add _sudo = True beside it."
    assert (answer.code, answer.lines) == (1, [line, NO_SECRETS])
    assert pyinfra("-y", str(knocked), DEPLOY, "--ssh-user", "anna", "--sudo").lines == [NO_SECRETS]


FILES = {
    "syntax": ('"size": "s-2vcpu-4gb",', '"size": ,', " line 8: expression expected after"),
    "never closed": ("singapore = [", "singapore = [[", " line 3: '[' was never closed. Mend"),
    "no literal": ('"s-2vcpu-4gb"', "str(4)", " line 8: an inventory holds literals only: names"),
    "import": ("singapore = [", "import os\nsingapore = [", " line 3: an inventory holds literals"),
    "a stray list": (
        "haproxy = [",
        'REGIONS = ["sgp", "fra"]\nhaproxy = [',
        "sgp: group 'REGIONS': unknown group",
    ),
    "a knob": ("haproxy = [", "limit = 3\nhaproxy = [", "'limit': not a list of droplets. Knobs"),
    "group twice": ('api = ["alpha-1"]', 'api = ["alpha-1"]\napi = []', "'api': it is set twice."),
    "key twice": ('"size":', '"size": "s-1vcpu-1gb", "size":', "'size': it is set twice. Leave"),
    "host twice": (
        'api = ["alpha-1"]',
        'api = ["alpha-1", "alpha-1"]',
        "'api': 'alpha-1' stands there twice. Leave one.",
    ),
    "no droplet": ('api = ["alpha-1"]', "api = [1]", "'api': 1 is no droplet. Write 'name', or"),
    "a secret": (
        '"size":',
        '"ssh_password": "x", "size":',
        "ssh_password: a secret in clear text. Use a key",
    ),
    "a misspelt droplet": (
        'api = ["alpha-1"]',
        'api = ["alpha-2"]',
        "group 'api': 'alpha-2': no region lists this droplet. Did you mean 'alpha-1'?",
    ),
    "too little memory": (
        '"s-2vcpu-4gb"',
        '"s-1vcpu-512mb-10gb"',
        "alpha-1: size: 512 MB cannot hold its services, which may need ",
    ),
    "an unknown connector": ('"alpha-1",\n', '"@nothing/alpha-1",\n', "pyinfra cannot build it: "),
}


@pytest.mark.parametrize(("old", "new", "line"), FILES.values(), ids=FILES.keys())
def test_a_wrong_inventory_is_refused(pyinfra, knocked, old, new, line):
    spoil(knocked, old, new)
    answer = pyinfra("-y", ALPHA, DEPLOY)
    assert answer.code == 1
    assert any(line in said for said in answer.lines), answer.err


def test_code_in_an_inventory_is_not_even_executed(pyinfra, knocked, tmp_path):
    proof = tmp_path / "executed"
    spoil(knocked, "singapore = [", f"open({str(proof)!r}, 'w')\nsingapore = [")
    assert pyinfra(ALPHA, "debug-inventory").code == 1
    assert not proof.exists()


def test_group_data_for_nobody(pyinfra, knocked, checkout):
    (checkout / "inventories" / "group_data" / "zones.py").write_text("x = 1\n")
    (checkout / "inventories" / "group_data" / "beta.py").write_text("")
    (checkout / "inventories" / "group_data" / "api.py").write_text("api_xyzzy = 1\n")
    answer = pyinfra(ALPHA, "debug-inventory")
    path = "inventories/group_data/zones.py"
    assert answer.code == 1
    assert f"{path}: there is no group 'zones'. Did you mean 'zone'?" in answer.lines
    assert any(line.startswith("alpha-1: api_xyzzy: unknown key.") for line in answer.lines)
    assert len(answer.lines) == 2
    assert knocked.exists()


def test_a_wish_that_cannot_be_granted(pyinfra, knocked):
    spoil(knocked, '"size":', '"postgres_settings": {"work_memm": "4MB"}, "size":')
    answer = pyinfra(ALPHA, "debug-inventory")
    assert answer.code == 1
    assert any("postgres_settings" in line and "work_mem" in line for line in answer.lines)


def test_all_at_once(pyinfra, knocked):
    spoil(knocked, '"s-2vcpu-4gb"', '"s-2vcpu-4g"')
    spoil(knocked, '"hub": 1', '"hubb": 1')
    answer = pyinfra("-y", ALPHA, DEPLOY, "--no-wait", "--limit", "alpha-2", "--data", "api_x=1")
    assert answer.code == 1
    starts = ("--limit alpha-2:", "--no-wait:", "alpha-1: api_x:", "alpha-1: size:")
    for start in starts:
        assert [line for line in answer.lines if line.startswith(start)], start


def test_json_stays_alone_on_standard_output(pyinfra):
    answer = pyinfra(ALPHA, "debug-inventory", "--json", "--limit", "nobody")
    assert (answer.code, answer.out) == (1, "")
