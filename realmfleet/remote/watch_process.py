"""Watch a process of the game: is it ready, does it stay so, and what has it said."""

import http.client
import json
import subprocess
import time

# Ready must last: a process that crashes in its first seconds is no release. Where the game
# tells nothing, to be alive for longer is all there is.
STAYS_S, ALIVE_S, LOOK_EVERY_S = 1.0, 5.0, 0.2
LAST_LINES = 15
# What systemd says of every process in a container on cgroup v1.
NOISE = "Failed to attach "


def wait(process, seconds):
    """Empty once it is ready and stays so; else what is wrong with it."""
    unit, gate = process["unit"], process["gate"]
    stays = STAYS_S if gate["path"] else ALIVE_S
    end, since, pid = time.monotonic() + seconds + stays, None, None
    while True:
        state = show(unit)
        if state["ActiveState"] not in ("active", "activating") or ended(state):
            return "ended by itself (%s)" % reason(state)
        answer = ask(gate) if state["ActiveState"] == "active" else "is starting"
        now = time.monotonic()
        if answer or state["MainPID"] != pid:
            since, pid = now, state["MainPID"]
        elif now - since >= stays:
            return ""
        if now > end:
            return "was not ready within %d s (it %s)" % (seconds, answer or "keeps starting anew")
        time.sleep(LOOK_EVERY_S)


def ended(state):
    return state["SubState"].startswith("auto-restart") or state["NRestarts"] != "0"


def reason(state):
    status = state["ExecMainStatus"]
    how = "signal" if state["ExecMainCode"] in ("2", "3") else "exit code"
    return "%s %s" % (how, status) if state["ExecMainCode"] != "0" else state["Result"]


def ask(gate):
    """Empty where the gate is open, else what was answered."""
    if not gate["path"]:
        return ""
    connection = http.client.HTTPConnection(gate["address"], gate["port"], timeout=2)
    try:
        connection.request("GET", gate["path"])
        answer = connection.getresponse()
        body = answer.read(65536)
        if answer.status != 200:
            return "answers %s with %d" % (gate["path"], answer.status)
        if gate["field"] and json.loads(body).get(gate["field"]) is not True:
            return "answers %s, but not %s" % (gate["path"], gate["field"])
        return ""
    except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
        return "does not answer on port %d: %s" % (gate["port"], error)
    finally:
        connection.close()


def journal(unit, redact):
    """Its last lines, without secrets."""
    subprocess.run(["journalctl", "--sync"], check=False)
    which = "_SYSTEMD_INVOCATION_ID=" + show(unit)["InvocationID"]
    order = ["journalctl", "-q", "-o", "cat", "-n", str(LAST_LINES), "--no-pager"]
    said = output([*order, which]) or output([*order, "-u", unit])
    for secret in redact:
        said = said.replace(secret, "(secret)")
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(NOISE)]
    return "\n".join(["\nIts last lines:", *lines]) if lines else ""


def show(unit):
    names = "ActiveState,SubState,MainPID,NRestarts,Result,ExecMainCode,ExecMainStatus,InvocationID"
    lines = output(["systemctl", "show", "-p", names, unit]).splitlines()
    return dict(line.split("=", 1) for line in lines)


def output(order):
    done = subprocess.run(
        order,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout
