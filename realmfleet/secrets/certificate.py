"""A TLS certificate as an operator gives it: PEM of certificate, chain and key."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from realmfleet.secrets.errors import SecretsError

# Below this OpenSSL's security level 2 (Debian's) refuses to serve it.
# https://docs.openssl.org/3.0/man3/SSL_CTX_set_security_level/
RSA_BITS = 2048

_KEY = re.compile(r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?-----END \1PRIVATE KEY-----", re.S)

Key = EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True)
class Certificate:
    """What a PEM holds: the server's own certificate, its issuers upwards, the key to the first."""

    own: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    key: Key = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """DNS names and addresses for which it speaks."""
        return names_of(self.own)

    @property
    def der(self) -> bytes:
        """The server's own certificate as it goes over the wire."""
        return self.own.public_bytes(Encoding.DER)

    def days_left(self, now: float) -> int:
        """Whole days until it ends, from a moment in seconds of the epoch; negative once it has."""
        return int((self.own.not_valid_after_utc.timestamp() - now) // 86400)


def parse(name: str, pem: str) -> Certificate:
    """The parts of a PEM. SecretsError, which never quotes it, where one is missing or odd."""
    own, *issuers = _chain(name, pem)
    return Certificate(own, tuple(issuers), _key(name, pem))


def not_after(name: str, pem: str) -> int:
    """When a PEM's own certificate ends, in seconds of the epoch. Errors as of `parse`."""
    return int(_chain(name, pem)[0].not_valid_after_utc.timestamp())


def check(name: str, pem: str, now: datetime, wanted: Sequence[str] = ()) -> None:
    """SecretsError unless it can be served now, for all `wanted` names, to every client."""
    found = parse(name, pem)
    _check_key(name, found)
    _check_chain(name, found)
    _check_dates(name, (found.own, *found.issuers), now)
    if lacking := [one for one in wanted if not _covers(found.names, one)]:
        what = f"it does not speak for {', '.join(lacking)}"
        mend = "Order one with these names, or change haproxy_domains."
        raise SecretsError(name, what, mend)


def describe(pem: str, now: datetime) -> str:
    """For whom it speaks and until when, for the operator who has just given it."""
    found = parse("certificate", pem)
    until = found.own.not_valid_after_utc.date().isoformat()
    left, names = found.days_left(now.timestamp()), ", ".join(found.names)
    return f"It is good until {until} ({left} days), for {names}."


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Its subject alternative names; clients look at nothing else."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return (*names.get_values_for_type(x509.DNSName), *(str(address) for address in addresses))


def _chain(name: str, pem: str) -> list[x509.Certificate]:
    try:
        chain = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        chain = []
    if not chain:
        mend = "Give PEM: cat certificate.pem chain.pem key.pem"
        raise SecretsError(name, "it holds no certificate that can be read", mend)
    return chain


def _key(name: str, pem: str) -> Key:
    found = _KEY.search(pem)
    if found is None:
        mend = "Append the private key to it: cat certificate.pem chain.pem key.pem"
        raise SecretsError(name, "it holds no private key", mend)
    try:
        key = load_pem_private_key(found[0].encode(), password=None)
    except TypeError:
        mend = "Take the passphrase off: openssl pkey -in key.pem"
        raise SecretsError(name, "its private key has a passphrase", mend) from None
    except ValueError:
        mend = "Give it as openssl writes it: openssl pkey -in key.pem"
        raise SecretsError(name, "its private key cannot be read", mend) from None
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
        mend = "Order one with an ECDSA key (P-256) or RSA."
        raise SecretsError(name, "its key is of a kind that browsers refuse", mend)
    if isinstance(key, RSAPrivateKey) and key.key_size < RSA_BITS:
        what = f"its RSA key has {key.key_size} bits"
        raise SecretsError(name, what, f"Order one with {RSA_BITS} or more, or ECDSA.")
    return key


def _check_key(name: str, found: Certificate) -> None:
    own = _public(found.key)
    if _public(found.own) == own:
        return
    if any(_public(issuer) == own for issuer in found.issuers):
        what, mend = "the server's certificate is not the first", "Put it there, its chain after it"
        raise SecretsError(name, what, f"{mend}: cat certificate.pem chain.pem key.pem")
    what = "certificate and key do not belong together"
    raise SecretsError(name, what, "Give the key with which this certificate was ordered.")


def _public(of: Key | x509.Certificate) -> bytes:
    return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _check_chain(name: str, found: Certificate) -> None:
    """Each is signed by the next. One signed by itself is its own chain."""
    if found.own.issuer != found.own.subject and not found.issuers:
        what = "it lacks the chain: clients would not know its issuer"
        mend = "Give your authority's full chain (fullchain.pem) with the key."
        raise SecretsError(name, what, mend)
    chain = (found.own, *found.issuers)
    for below, above in pairwise(chain):
        if not issued(below, above):
            what = f"{_subject(below)!r} is not signed by the next one, {_subject(above)!r}"
            mend = "Put each certificate's issuer directly after it."
            raise SecretsError(name, what, mend)


def issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether the one above has signed the one below."""
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_dates(name: str, chain: Iterable[x509.Certificate], now: datetime) -> None:
    for one in chain:
        if now >= one.not_valid_after_utc:
            what = f"{_subject(one)!r} expired on {one.not_valid_after_utc.date().isoformat()}"
            raise SecretsError(name, what, "Renew it.")
        if now < one.not_valid_before_utc:
            day = one.not_valid_before_utc.date().isoformat()
            what, mend = f"{_subject(one)!r} is not good before {day}", "Look at this clock."
            raise SecretsError(name, what, mend)


def _subject(certificate: x509.Certificate) -> str:
    """What it calls itself in short."""
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else next(iter(names_of(certificate)), "a certificate")


def _covers(names: Iterable[str], wanted: str) -> bool:
    """A star stands for exactly one label. https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3"""
    above = f"*.{wanted.partition('.')[2]}"
    lower = {name.lower() for name in names}
    return wanted.lower() in lower or (not _is_address(wanted) and above.lower() in lower)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def utc_now() -> datetime:
    """The clock of the operator's machine, with which certificates are compared."""
    return datetime.now(UTC)
