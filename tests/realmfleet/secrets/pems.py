"""Certificates as authorities and operators make them, and make them wrong."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


def short_key():
    return rsa.generate_private_key(65537, 1024)


def odd_key():
    return ed25519.Ed25519PrivateKey.generate()


def named(name):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def certificate(subject, key, issuer=None, issuer_key=None, names=(), start=-10, days=100):
    """`issuer` None: signed by itself. `start` in days from NOW."""
    begin = NOW + timedelta(days=start)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer or subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )
    if names:
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    signing = issuer_key or key
    odd = isinstance(signing, ed25519.Ed25519PrivateKey)
    return builder.sign(signing, None if odd else SHA256())


def pem(one):
    return one.public_bytes(Encoding.PEM).decode()


def key_pem(key, passphrase=None):
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


def _general(name):
    try:
        return x509.IPAddress(IPv4Address(name))
    except ValueError:
        return x509.DNSName(name)
