"""DigitalOcean droplet sizes: what one slug gives and what it costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """One droplet size. Memory in MiB, disk in GB, price in USD a month (list price, 2026)."""

    slug: str
    vcpus: int
    memory_mb: int
    disk_gb: int
    price_usd: int


# https://www.digitalocean.com/pricing/droplets (basic, general purpose, CPU and memory optimized)
_TABLE = (
    ("s-1vcpu-512mb-10gb", 1, 512, 10, 4),
    ("s-1vcpu-1gb", 1, 1024, 25, 6),
    ("s-1vcpu-2gb", 1, 2048, 50, 12),
    ("s-2vcpu-2gb", 2, 2048, 60, 18),
    ("s-2vcpu-4gb", 2, 4096, 80, 24),
    ("s-4vcpu-8gb", 4, 8192, 160, 48),
    ("s-8vcpu-16gb", 8, 16384, 320, 96),
    ("c-2", 2, 4096, 25, 42),
    ("c-4", 4, 8192, 50, 84),
    ("c-8", 8, 16384, 100, 168),
    ("g-2vcpu-8gb", 2, 8192, 25, 63),
    ("g-4vcpu-16gb", 4, 16384, 50, 126),
    ("g-8vcpu-32gb", 8, 32768, 100, 252),
    ("m-2vcpu-16gb", 2, 16384, 50, 84),
    ("m-4vcpu-32gb", 4, 32768, 100, 168),
    ("m-8vcpu-64gb", 8, 65536, 200, 336),
)

SIZES = {row[0]: Size(*row) for row in _TABLE}
