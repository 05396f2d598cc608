"""SSH keys of a rehearsal: the operator's and each droplet's, made here and used nowhere else."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def ensure(path: Path) -> str:
    """The public key of a key pair, which is made where it does not exist."""
    public = path.with_name(f"{path.name}.pub")
    if not (path.exists() and public.exists()):
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        path.touch(mode=0o600)
        path.write_bytes(private)
        text = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        public.write_text(f"{text} realmfleet-rehearsal\n")
    return public.read_text().strip()
