from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from realmfleet.rehearsal.network import BENCHMARKING, allocate, candidates, free

SUBNET = IPv4Network("198.18.7.0/24")


@given(st.text())
def test_candidates_are_all_of_the_benchmarking_range(seed: str) -> None:
    found = candidates(seed)
    assert len(set(found)) == len(found) == 512
    assert all(net.subnet_of(BENCHMARKING) for net in found)


def test_a_rehearsal_keeps_its_network_and_two_differ() -> None:
    assert candidates("a")[0] == candidates("a")[0]
    assert candidates("a")[0] != candidates("b")[0]


@given(st.sets(st.sampled_from(candidates("a")), max_size=40))
def test_a_free_network_overlaps_with_nothing(taken: set[IPv4Network]) -> None:
    found = free("a", taken)
    assert len(found) == 512 - len(taken)
    assert not any(net.overlaps(other) for net in found for other in taken)


def test_a_wider_network_takes_all_within_it() -> None:
    assert free("a", [IPv4Network("198.18.0.0/16")])[0].subnet_of(IPv4Network("198.19.0.0/16"))
    assert free("a", [BENCHMARKING]) == []
    assert len(free("a", [IPv4Network("172.17.0.0/16")])) == 512


def test_droplets_get_addresses_in_order() -> None:
    found = allocate(SUBNET, ["a", "b"], {})
    assert found == {"a": IPv4Address("198.18.7.11"), "b": IPv4Address("198.18.7.12")}


def test_a_running_droplet_keeps_its_address() -> None:
    found = allocate(SUBNET, ["new", "old"], {"old": IPv4Address("198.18.7.11")})
    assert found == {"new": IPv4Address("198.18.7.12"), "old": IPv4Address("198.18.7.11")}
