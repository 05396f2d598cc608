"""API: the studio's build as a hardened unit, replaced only by a release that is ready."""

from urllib.parse import quote

from realmfleet import live
from realmfleet.operations.release import release
from realmfleet.operations.tree import tree
from roles.api import files


def api() -> None:
    """Write the API's configuration and roll out its release."""
    fleet, droplet, secrets = live.fleet(), live.droplet(), live.secrets("api")
    timeout_s = live.data("api_ready_timeout_s")
    hidden = [form for value in secrets.values() for form in (value, quote(value, safe=""))]
    tree(
        name="Write the API's configuration",
        files=files.files(fleet, droplet, secrets, timeout_s),
        directories=files.folders(),
        redact=hidden,
    )
    release(
        name="Roll out the API",
        source=f"{droplet.name}: api_artifact",
        artifact=live.data("api_artifact"),
        rollout=files.rollout(fleet, droplet, timeout_s),
        redact=hidden,
    )
