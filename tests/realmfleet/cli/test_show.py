from ipaddress import IPv4Address

from rich.console import Console

from realmfleet.cli.show import overview
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.sizes import SIZES


def _droplet(name: str, *services: str) -> Droplet:
    address = IPv4Address("203.0.113.11")
    return Droplet(name, "singapore", SIZES["s-2vcpu-4gb"], services, address)


def _shown(*droplets: Droplet) -> str:
    addresses = {d.name: IPv4Address("198.18.7.11") for d in droplets}
    console = Console(width=120)
    with console.capture() as capture:
        console.print(overview(Fleet("alpha", droplets), addresses))
    return capture.get()


def test_it_says_what_runs_where_at_which_price() -> None:
    shown = _shown(_droplet("alpha-1", "base", "postgres"))
    assert "alpha-1  s-2vcpu-4gb  198.18.7.11  base, postgres" in shown
    assert "1 droplet, USD 24 a month when real" in shown


def test_it_says_how_to_reach_it() -> None:
    shown = _shown(_droplet("alpha-1", "base", "postgres"))
    assert "realmfleet rehearse ssh alpha -- sudo -u postgres psql campaign" in shown


def test_with_several_droplets_each_command_names_its_own() -> None:
    shown = _shown(_droplet("api-1", "base"), _droplet("db-1", "base", "postgres"))
    assert "realmfleet rehearse ssh alpha db-1 -- sudo -u postgres psql campaign" in shown
    assert "2 droplets, USD 48" in shown


def test_a_service_without_a_role_does_not_run() -> None:
    shown = _shown(_droplet("alpha-1", "base", "no-such-service"))
    assert "no-such-service" not in shown
