package main

import "testing"

func entry(instance string, players whole, ready, draining bool) report {
	return report{zoneServer{"forest", instance, "203.0.113.1", 7000, players, 2}, ready, draining}
}

func TestPlayersSeeReadyZonesThatDoNotDrain(t *testing.T) {
	all := map[string]report{}
	for _, one := range []report{
		entry("forest-2", 0, true, false), entry("forest-1", 2, true, false),
		entry("forest-3", 0, false, false), entry("forest-4", 0, true, true),
	} {
		all[one.Instance] = one
	}
	found := welcoming(all)
	if len(found) != 2 || found[0].Instance != "forest-1" || found[1].Instance != "forest-2" {
		t.Error(found)
	}
	codes := map[string]int{
		"forest-1": 409, "forest-3": 409, "forest-4": 409, "forest-5": 404,
	}
	for instance, code := range codes {
		if got := told(admits(all, instance)).code; got != code {
			t.Error(instance, got)
		}
	}
	if err := admits(all, "forest-2"); err != nil {
		t.Error(err)
	}
}

func TestOddHeartbeatsAreRefused(t *testing.T) {
	good := entry("forest-1", 0, true, false)
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for _, spoil := range []func(*report){
		func(z *report) { z.Address = "forest.example.org" },
		func(z *report) { z.Port = 0 },
		func(z *report) { z.Max = 0 },
		func(z *report) { z.Players = -1 },
		func(z *report) { z.Instance = "../x" },
	} {
		odd := good
		spoil(&odd)
		if odd.check() == nil {
			t.Error(odd)
		}
	}
}
