"""An inventory that can run out of memory is refused, with the sum written out."""

from collections.abc import Iterator
from dataclasses import replace

from realmfleet.budget.split import budget
from realmfleet.fleet.mistakes import Mistake
from realmfleet.fleet.model import Droplet, Fleet
from realmfleet.fleet.sizes import SIZES, Size


def check_memory(fleet: Fleet) -> Iterator[Mistake]:
    """One mistake for each droplet whose worst case is more than it has."""
    for droplet in fleet.droplets:
        need = budget(droplet)
        if not need.fits:
            what = f"{need.memory_mb} MB cannot hold its services, which may need {need.text}"
            yield Mistake(f"{droplet.name}: size", what, _mend(droplet))


def _mend(droplet: Droplet) -> str:
    size = smallest_size(droplet)
    if size is None:
        return "Move services to another droplet: no size holds them."
    return f"Take {size.slug!r} (${size.price_usd} a month), or move services to another droplet."


def smallest_size(droplet: Droplet) -> Size | None:
    """The cheapest size that holds what the droplet carries, with at least as many vCPUs."""
    fitting = (
        size
        for size in SIZES.values()
        if size.vcpus >= droplet.size.vcpus and budget(replace(droplet, size=size)).fits
    )
    return min(fitting, key=lambda size: size.price_usd, default=None)
