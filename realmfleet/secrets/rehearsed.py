"""What a rehearsal gives itself where an operator gives the real thing: certificate, webhook."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from realmfleet.fleet import Fleet
from realmfleet.secrets.certificate import issued, names_of, parse, utc_now
from realmfleet.secrets.errors import SecretsError
from realmfleet.secrets.files import create, locked
from realmfleet.secrets.values import CERTIFICATE, HEARTBEAT, WEBHOOK, domains

# In the rehearsal's folder: what bots and curl verify the edge's certificate against.
CA = "ca.pem"
CA_KEY = "ca.key"
CA_NAME = "realmfleet rehearsal CA"

CA_DAYS, CERTIFICATE_DAYS, RENEW_DAYS = 3650, 397, 30

# Where a receiver writes down what it is told: roles that watch put it on the droplet.
WEBHOOK_URL = "http://127.0.0.1:9095/"
HEARTBEAT_URL = "http://127.0.0.1:9095/alive"


def value(name: str, fleet: Fleet, folder: Path) -> str:
    """A new value for a given secret of this rehearsal."""
    return VALUES[name](fleet, folder)


def stale(name: str, now: str, fleet: Fleet, folder: Path) -> bool:
    """Whether the value must be made anew: droplets have other addresses, or it ends soon.

    A certificate that somebody has set for his rehearsal is not ours, and kept.
    """
    if name != CERTIFICATE:
        return False
    found = parse(name, now).own
    authority = _authority(folder)[0]
    if found.issuer != authority.subject:
        return False
    left = found.not_valid_after_utc - utc_now()
    same = set(names_of(found)) == set(_names(fleet))
    return not (issued(found, authority) and same and left > timedelta(days=RENEW_DAYS))


def _certificate(fleet: Fleet, folder: Path) -> str:
    """Certificate, the rehearsal's own authority, key: as an operator would give them."""
    authority, authority_key = _authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([_general(name) for name in _names(fleet)])
    own = (
        _begun("realmfleet rehearsal", authority.subject, key, CERTIFICATE_DAYS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(authority_key, SHA256())
    )
    return _pem(own) + _pem(authority) + _key_pem(key)


def _webhook(_fleet: Fleet, _folder: Path) -> str:
    return WEBHOOK_URL


def _heartbeat(_fleet: Fleet, _folder: Path) -> str:
    return HEARTBEAT_URL


# Given secret -> how a rehearsal makes its own.
VALUES: Mapping[str, Callable[[Fleet, Path], str]] = {
    CERTIFICATE: _certificate,
    WEBHOOK: _webhook,
    HEARTBEAT: _heartbeat,
}


def _names(fleet: Fleet) -> tuple[str, ...]:
    addresses = [str(droplet.public_ip) for droplet in fleet.carrying("haproxy")]
    return ("localhost", "127.0.0.1", *addresses, *domains(fleet))


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(IPv4Address(name))
    except ValueError:
        return x509.DNSName(name)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The rehearsal's CA, made where it does not exist. One half alone is of no use: both anew."""
    paths = folder / CA, folder / CA_KEY
    try:
        with locked(folder):
            if not all(path.exists() for path in paths):
                for path, text in zip(paths, _new_authority(), strict=True):
                    path.unlink(missing_ok=True)
                    create(path, text.encode())
        key = load_pem_private_key(paths[1].read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(paths[0].read_bytes()), key
    except (OSError, ValueError):
        mend = "Take the rehearsal down and up again."
        raise SecretsError(folder / CA, "the rehearsal's CA cannot be read", mend) from None


def _new_authority() -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, CA_NAME)])
    usage = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    own = (
        _begun(CA_NAME, name, key, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return _pem(own), _key_pem(key)


def _begun(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    start = utc_now() - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
