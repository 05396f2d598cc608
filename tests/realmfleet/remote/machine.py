"""A service whose releases are rolled out, on as much of systemd as a rollout meets."""

UNIT, CANDIDATE, SECRET = "api.service", "api-candidate.service", "a-real-password"
# A release says itself which of its starts fail, by a file named like the link that was followed.
SYSTEMCTL = """
state={state}; root={root}
[ "$1" = -q ] && shift
verb=$1; for unit; do :; done
link=current; case $unit in *candidate*) link=candidate ;; esac
say() { echo "ActiveState=$1\nSubState=$2\nMainPID=$3\nNRestarts=$4\nResult=$2\nExecMainCode=$5
ExecMainStatus=$6\nInvocationID=1" > $state/$unit; }
case $verb in
    show) cat $state/$unit 2>/dev/null || { say inactive dead 0 0 0 0; cat $state/$unit; } ;;
    start | restart)
        readlink $root/$link > $state/$unit.seen
        if [ -e $root/$link/fails-$link ]; then say failed exit-code 0 0 1 3
        else say active running $$ 0 0 0; fi ;;
    reset-failed) sed -i s/NRestarts=.*/NRestarts=0/ $state/$unit 2>/dev/null ;;
    stop | disable) say inactive dead 0 0 0 0 ;;
esac
"""
STAMP = """[ "$(readlink {root}/current)" = "$(cat {state}/$2.seen)" ] || echo "$2 restart" """
QUICK = """
import watch_process
watch_process.ALIVE_S = watch_process.STAYS_S = 0.02
watch_process.LOOK_EVERY_S = 0.01
STAMP = {stamp!r}
"""
WORDS = ("Result", "ExecMainCode", "ExecMainStatus", "InvocationID")
GATE = {"address": "127.0.0.1", "port": 1, "path": "", "field": ""}


class Service:
    """Its releases and links, its units as they are, and the program that rolls out."""

    def __init__(self, root, program, fakes):
        self.root, self.state, self._program = root / "opt", root / "state", program
        (self.root / "releases").mkdir(parents=True)
        self.state.mkdir()
        said = {"systemctl": SYSTEMCTL, "stamp": STAMP, "journalctl": f"echo said {SECRET}"}
        for name, text in said.items():
            for word, path in (("{root}", self.root), ("{state}", self.state)):
                text = text.replace(word, str(path))
            said[name] = text
        self.calls = fakes(**said)
        self.lines = QUICK.format(stamp=str(root / "bin" / "stamp"))

    def has(self, *releases, fails=""):
        for release in releases:
            (self.root / "releases" / release).mkdir(exist_ok=True)
            if fails:
                (self.root / "releases" / release / f"fails-{fails}").touch()

    def links(self, **links):
        for name, release in links.items():
            (self.root / name).symlink_to(f"releases/{release}")

    def runs(self, release, restarts=0):
        """The unit has been started from this release, by nobody of whom we know."""
        values = {**dict.fromkeys(WORDS, "0"), "ActiveState": "active", "SubState": "running"}
        values |= {"MainPID": "7", "NRestarts": str(restarts)}
        (self.state / UNIT).write_text("".join(f"{k}={v}\n" for k, v in values.items()))
        (self.state / f"{UNIT}.seen").write_text(f"releases/{release}\n")

    def now(self):
        found = (path for path in self.root.iterdir() if path.is_symlink())
        return {path.name: path.readlink().name for path in found}

    def releases(self):
        return sorted(path.name for path in (self.root / "releases").iterdir())

    def property(self, key, unit=UNIT):
        text = (self.state / unit).read_text()
        return dict(line.split("=", 1) for line in text.splitlines())[key]

    def starts(self):
        words = [call.split() for call in self.calls()]
        return [w[-1] for w in words if w[0] == "systemctl" and {"start", "restart"} & {*w}]

    def roll_out(self, release, **more):
        payload = {
            "root": str(self.root),
            "release": release,
            "processes": [{"unit": UNIT, "gate": GATE}],
            "candidate": {"unit": CANDIDATE, "gate": GATE},
            "seconds": 1,
            "keep": 3,
            "leave": [],
            "redact": [SECRET],
        }
        return self._program("switch_release", payload | more, self.lines, ("watch_process",))
