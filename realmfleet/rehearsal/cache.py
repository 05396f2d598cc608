"""Packages that one droplet has downloaded serve every other droplet of this checkout."""

from docker.models.containers import Container

MOUNT = "/var/cache/rehearsal-apt"
APT_CONF = "etc/apt/apt.conf.d/99rehearsal-cache"


def apt_conf(container: str) -> str:
    """Each container has its own archive folder: apt's lock is not shared, only the files are.

    `container` is its name: two rehearsals may have a droplet of the same name.
    """
    return (
        f'Dir::Cache::Archives "{MOUNT}/{container}/";\n'
        'Binary::apt::APT::Keep-Downloaded-Packages "true";\n'
    )


def fill(container: Container, name: str) -> None:
    """Give a droplet what others have downloaded. Hard links: nothing is copied."""
    own, shared = f"{MOUNT}/{name}", f"{MOUNT}/shared"
    _run(
        container,
        f"mkdir -p {own}/partial {shared} && chown _apt {own}/partial && chmod 700 {own}/partial"
        f" && find {shared} -name '*.deb' -exec cp -ln -t {own} {{}} +",
    )


def collect(container: Container, name: str) -> None:
    """Take what a droplet has downloaded; apt has checked every file that lies there."""
    own, shared = f"{MOUNT}/{name}", f"{MOUNT}/shared"
    _run(container, f"find {own} -maxdepth 1 -name '*.deb' -exec cp -ln -t {shared} {{}} +")


def _run(container: Container, script: str) -> None:
    # A cache that fails costs time, never a rehearsal: its result is not looked at.
    container.exec_run(["sh", "-c", script])
