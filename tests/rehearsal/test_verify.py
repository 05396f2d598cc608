"""Verify on a real droplet: every check fails at a live fault, and is well again once mended.

All faults are laid at once, and each one's line is looked for in one run. No fault touches a
file alone: what is asked is what runs.
"""

import re
import time
from dataclasses import dataclass

import pytest

from realmfleet.secrets.store import store_for

pytestmark = pytest.mark.rehearsal

VERIFY = "deploys/verify.py"
ROGUE = "/etc/postgresql/17/main/conf.d/90-rogue.conf"
HBA = "/etc/postgresql/17/main/realmfleet-hba.conf"
POOL = "/etc/pgbouncer/realmfleet.ini"
NODE = "prometheus-node-exporter.service"
DATA = "/var/lib/postgresql/17/main"
CHECKSUMS = f"runuser -u postgres -- /usr/lib/postgresql/17/bin/pg_checksums -N -D {DATA}"
SSHD = "/etc/ssh/sshd_config.d/00-rogue.conf"
KEYS = "/etc/realmfleet/authorized_keys"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKqRRqBoR1S0d2cYBo7dNlmVtVAY6vJ7EXAMPLEKEY00 mallory"


def sql(statement, database="postgres"):
    return f'runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d {database} -c "{statement}"'


def pool(statement):
    """As PgBouncer's own user, which needs no password over the socket."""
    at = "-h /run/pgbouncer -p 6432 -U pgbouncer pgbouncer"
    return f'runuser -u postgres -- psql -XAtq {at} -c "{statement}"'


def redis(port, command):
    return f"redis-cli --user admin -p {port} {command} | grep -qx OK"


def restarted(unit, between):
    return f"systemctl stop {unit} && {between} && systemctl start {unit}"


@dataclass(frozen=True)
class Fault:
    """What is done to the droplet, what of the report must say so, and its mend.

    `mend` empty: the next deploy mends it. Else what a deploy does not look at, or not own.
    """

    name: str
    inject: str
    seen: tuple[str, ...]
    mend: str = ""


FAULTS = (
    # First, for PostgreSQL restarts: the others come into its new life.
    Fault(
        "checksums",
        restarted("postgresql@17-main", f"{CHECKSUMS} --disable"),
        ("postgres: data checksums are off",),
        # Not a deploy: it would have to stop the database for as long as it is large.
        restarted("postgresql@17-main", f"{CHECKSUMS} --enable || true"),
    ),
    Fault(
        "database setting",
        sql("alter database world set work_mem = '64MB'"),
        (
            r"postgres: work_mem is 64MB, asked 4MB \(in world, world/application\)",
            "postgres: not as declared, a deploy would 'alter database world reset work_mem'",
        ),
    ),
    Fault(
        "role's setting in a database",
        sql("alter role application in database campaign set random_page_cost = 9"),
        (r"postgres: random_page_cost is 9, asked 1.1 \(in campaign/application\)",),
        # Nothing that a deploy converges: it knows settings of roles and of databases.
        sql("alter role application in database campaign reset random_page_cost"),
    ),
    Fault(
        "foreign configuration",
        f"printf 'jit = on\\nshared_buffers = 17MB\\n' > {ROGUE} && chmod 644 {ROGUE} && "
        "systemctl reload postgresql@17-main && sleep 1",
        (
            "postgres: jit is on, asked off: ",
            "postgres: shared_buffers waits for a restart",
        ),
        # A file that is not ours: a deploy leaves it alone.
        f"rm -f {ROGUE} && systemctl reload postgresql@17-main && sleep 1",
    ),
    Fault(
        "role with too much",
        sql("grant pg_write_all_data to analytics"),
        (
            "postgres: not as declared, a deploy would 'revoke pg_write_all_data from analytics'",
            "postgres: analytics in world is not refused .insert into world.realmfleet_verify",
        ),
    ),
    Fault(
        "role that cannot log in",
        sql("alter role analytics nologin"),
        ("pgbouncer: analytics in campaign cannot log in through the pool",),
    ),
    Fault(
        "schema open to all",
        sql("grant create on schema campaign to application", "campaign"),
        ("pgbouncer: application in campaign is not refused 'create table campaign.",),
    ),
    Fault(
        "privilege missing",
        sql(
            "alter default privileges for role world_owner in schema world "
            "revoke insert on tables from application",
            "world",
        ),
        ("postgres: application in world cannot .insert into world.realmfleet_verify",),
    ),
    Fault(
        "extension dropped",
        sql("drop extension timescaledb", "world"),
        ("postgres: timescaledb is missing in world, the library is ",),
    ),
    Fault(
        "anybody let in",
        f"sed -i '1i host all application 127.0.0.1/32 trust' {HBA} && "
        "systemctl reload postgresql@17-main && sleep 1",
        (
            "postgres: a wrong password is not refused, but answered .1.",
            "postgres: the application is not kept out of the database postgres, but answered .1.",
            "postgres: postgresql@17-main.service runs on older files and owes a reload",
        ),
    ),
    Fault(
        "pool changed by its files",
        f"sed -i -e 's/^application = .*/application = max_user_connections=5/' "
        f"-e 's#^\\[users\\]#postgres = host=/run/postgresql dbname=postgres\\n[users]#' {POOL} && "
        + pool("reload"),
        (
            "pgbouncer: application may open 5 sessions, asked ",
            "pgbouncer: the database postgres is not kept out of the pool, but answers ",
        ),
    ),
    Fault(
        "pool changed in memory",
        pool("set query_wait_timeout = 7") + " && " + pool("disable world"),
        (
            "pgbouncer: query_wait_timeout is 7, asked 120",
            "pgbouncer: database world is disabled",
            "pgbouncer: application in world cannot log in through the pool",
        ),
        # The files are as asked: nothing is owed.
        pool("enable world") + " && " + pool("reload"),
    ),
    Fault(
        "Redis changed in memory",
        redis(6379, "CONFIG SET maxmemory 0"),
        (r"redis: session: maxmemory is 0, asked \d+mb",),
        "systemctl restart redis-server@session",
    ),
    Fault(
        "Redis open",
        redis(6379, "ACL SETUSER monitor '~*' +get")
        + " && "
        + redis(6379, "ACL SETUSER default on nopass '~*' +@all"),
        (
            r"redis: session: user monitor has ~\* \+get unasked",
            r"redis: session: user default has on nopass .* and lacks off",
            "redis: session: monitor is not refused GET realmfleet:verify",
            "redis: session: it answers without a login",
        ),
        # The restart above reads the users anew.
        "true",
    ),
    Fault(
        "Redis' monitor off",
        redis(6380, "ACL SETUSER monitor off"),
        (
            "redis: leaderboard: user monitor has off unasked and lacks on",
            "redis: settings of leaderboard: no usable answer, but: .*",
            "exporters: redis-leaderboard says redis_up 0",
        ),
        redis(6380, "ACL LOAD"),
    ),
    Fault(
        "exporter stopped",
        "systemctl stop prometheus-postgres-exporter",
        (
            "exporters: prometheus-postgres-exporter.service does not run",
            "exporters: postgres does not answer",
        ),
    ),
    Fault(
        "drop-in removed",
        f"rm /etc/systemd/system/{NODE}.d/50-realmfleet.conf && systemctl daemon-reload",
        (
            f"exporters: {NODE} runs on older files and owes a restart",
            rf"exporters: {NODE} has an exposure of 9\.\d, at most 2.5 is asked",
        ),
    ),
    Fault(
        "vendor's unit on",
        "systemctl enable -q redis-server.service",
        ("redis: redis-server.service runs or starts at boot, but shall not",),
    ),
    Fault(
        "secrets readable",
        "chmod 644 /etc/pgbouncer/userlist.txt /etc/redis/session.acl "
        "/etc/realmfleet/exporters/pgbouncer.env",
        (
            "pgbouncer: /etc/pgbouncer/userlist.txt is postgres postgres 644, asked .* 600",
            "redis: /etc/redis/session.acl is redis redis 644, asked redis redis 600",
            "exporters: /etc/realmfleet/exporters/pgbouncer.env is root root 644, asked .* 600",
        ),
    ),
    Fault(
        "kernel",
        "echo 0 > /proc/sys/net/ipv4/tcp_syncookies",
        ("base: net.ipv4.tcp_syncookies is 0, asked 1",),
    ),
    Fault(
        "package loose",
        "apt-mark -q unhold postgresql-17-timescaledb",
        ("base: postgresql-17-timescaledb is not held",),
    ),
    Fault(
        "an operator too many",
        "groupadd -f realmfleet-operators && useradd -G realmfleet-operators mallory && "
        f"mkdir -p {KEYS} && echo '{KEY}' > {KEYS}/mallory",
        ("base: operator mallory: keys are not as asked",),
    ),
    Fault(
        "passwords by SSH",
        f"echo 'PasswordAuthentication yes' > {SSHD} && systemctl reload ssh && sleep 1",
        ("base: sshd also takes password, asked are keys only",),
        # A file that is not ours.
        f"rm -f {SSHD} && systemctl reload ssh",
    ),
    Fault(
        "a unit that failed",
        "systemd-run -q --unit=rogue false && sleep 1",
        ("base: rogue.service has failed",),
        "systemctl reset-failed rogue",
    ),
    Fault(
        "holes in the firewall",
        "nft insert rule inet realmfleet input tcp dport '{ 5555, 27017 }' accept && "
        "nft chain inet realmfleet output '{ policy accept; }' && "
        "systemd-run -q --unit=listener python3 -m http.server 5555",
        (
            "firewall: the policy of output is accept, asked drop",
            "firewall: the rules in the kernel are not those that were confirmed",
            r"firewall: [\d.]+:5555 answers from outside, no flow declares it",
            r"firewall: [\d.]+:27017 is let through, no flow declares it",
        ),
        "systemctl stop listener",
    ),
    Fault(
        "rules on trial",
        "systemd-run -q --unit=realmfleet-firewall-rollback --on-active=1h true",
        ("firewall: rules are on trial and would go by themselves",),
    ),
    Fault(
        "memory eaten",
        "systemd-run -q --unit=eater python3 -c \"x = b'x' * (320 << 20); import time; "
        'time.sleep(900)" && sleep 1',
        (r"memory: base holds \d+ MB, 256 MB are reserved for it",),
        "systemctl stop eater",
    ),
)


def do(alpha, command):
    """On the droplet, as Redis' admin where that matters."""
    password = store_for(alpha.rehearsal.fleet).get("redis_admin_password")
    answer = alpha.droplet().exec_run(
        ["sh", "-c", command], environment={"REDISCLI_AUTH": password}
    )
    assert answer.exit_code == 0, f"{command}: {answer.output.decode()}"


def verify(alpha):
    played = alpha.deploy(file=VERIFY)
    return played.code, re.sub(r"\x1b\[\d*m", "", played.stdout + played.stderr)


def failed(said):
    return [line.split("FAILED", 1)[1].strip() for line in said.splitlines() if "FAILED" in line]


def mend(alpha):
    for fault in FAULTS:
        if fault.mend:
            do(alpha, fault.mend)
    played = alpha.deploy()
    assert played.code == 0, played.stdout + played.stderr


@pytest.fixture(scope="module")
def well(deployed_alpha):
    """What verify says after a first deploy."""
    return verify(deployed_alpha)


@pytest.fixture(scope="module")
def ill(deployed_alpha, well):
    """The same with every fault laid, on a droplet that was well."""
    assert well[0] == 0, well[1]
    mended = []
    for fault in FAULTS:
        do(deployed_alpha, fault.inject)
    yield *verify(deployed_alpha), mended
    if not mended:
        mend(deployed_alpha)


@pytest.fixture(scope="module")
def again(deployed_alpha, ill):
    """And once all is mended, most of it by a deploy."""
    mend(deployed_alpha)
    ill[2].append(True)
    # Prometheus asks a target that was down again within its interval.
    time.sleep(20)
    return verify(deployed_alpha)


def test_a_droplet_that_was_just_deployed_is_well(well):
    code, said = well
    assert (code, failed(said)) == (0, []), said
    assert re.search(r"all \d+ checks passed", said)
    assert "No changes" in said


def test_what_cannot_be_looked_at_in_a_container_is_said(well):
    assert "skipped  base: chrony.service cannot run in a container" in well[1]
    assert re.search("skipped  base: these belong to the machine.*transparent_hugepage", well[1])


def test_an_ill_droplet_fails_the_run(ill):
    code, said, _ = ill
    assert code == 1
    assert re.search(r"\d+ of \d+ checks failed", said)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_seen(ill, fault):
    lines = failed(ill[1])
    for seen in fault.seen:
        assert any(re.match(seen, line) for line in lines), (seen, lines)


# No live fault is laid for these yet; tests of their roles see their judges fail.
NOT_YET = ("api:", "zone:", "haproxy:", "prometheus:", "alertmanager:", "postgres: migrations")


def covered(said):
    """The calm lines of the checks for which faults are laid."""
    lines = {line.split("ok ", 1)[1].strip() for line in said.splitlines() if " ok  " in line}
    return {line for line in lines if not line.startswith(NOT_YET)}


def test_every_check_has_been_seen_failing(ill, well):
    """A line that stayed calm among all faults checks nothing, as far as we know."""
    calm, before = covered(ill[1]), covered(well[1])
    # The same checks as of other units and instances, which were seen.
    brothers = ("hardened", "serves", "active, enabled", "logs in", "leaderboard:", "answers,")
    brothers += ("readable by their service", "in campaign the application", "session: ")
    assert [line for line in calm if not any(word in line for word in brothers)] == []
    assert len(calm) < len(before) / 2


def test_no_secret_shows(deployed_alpha, ill):
    loud = deployed_alpha.deploy("-vvv", "--debug", file=VERIFY)
    store = store_for(deployed_alpha.rehearsal.fleet)
    said = ill[1] + loud.stdout + loud.stderr
    assert [name for name in store.names() if store.get(name) in said] == []
    assert "SCRAM-SHA-256$" not in said


def test_once_mended_it_is_well_again(again):
    code, said = again
    assert (code, failed(said)) == (0, []), said
