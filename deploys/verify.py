"""The live state of every droplet, one line a check: what runs is asked, never a file of ours."""

from realmfleet.operations.verify import verify

verify(name="Verify the live state")
