"""What a rehearsed droplet has instead of the operators' webhook: a receiver that writes down.

Put there before the first boot, on droplets that carry Alertmanager, and never by a deploy.
"""

from pathlib import Path

from realmfleet.fleet import Droplet

PROGRAM = "usr/local/lib/rehearsal-receiver"
UNIT = "etc/systemd/system/rehearsal-receiver.service"
# A file where `systemctl enable` would make a link.
WANTED = "etc/systemd/system/multi-user.target.d/rehearsal-receiver.conf"

# A JSON object a line: "at" (seconds of the epoch), "path", "body" (what was posted, or null).
RECEIVED = "/var/lib/rehearsal-receiver/received.jsonl"

_UNIT_TEXT = f"""# Put here by the rehearsal: no real droplet has it.
[Unit]
Description=The rehearsal's webhook: writes down which alerts are told

[Service]
ExecStart=/usr/bin/python3 -I /{PROGRAM} 9095 {RECEIVED}
DynamicUser=yes
StateDirectory=rehearsal-receiver
Restart=always
RestartSec=1
"""


def files(droplet: Droplet) -> tuple[tuple[str, int, str], ...]:
    """(path from the root, mode, text) of what is put on this droplet."""
    if not droplet.carries("alertmanager"):
        return ()
    program = Path(__file__).with_name("receiver_program.py").read_text()
    wanted = "[Unit]\nWants=rehearsal-receiver.service\n"
    return ((PROGRAM, 0o755, program), (UNIT, 0o644, _UNIT_TEXT), (WANTED, 0o644, wanted))
