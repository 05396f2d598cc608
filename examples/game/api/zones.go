package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sort"

	"github.com/gomodule/redigo/redis"
)

const (
	// One hash whose fields expire one by one (Redis 7.4 and later): nothing to tidy up.
	directoryKey = "zones"
	directoryTTL = 15 // seconds: three heartbeats
)

// zoneServer is an entry of the directory, as players see it.
type zoneServer struct {
	Zone     string `json:"zone"`
	Instance string `json:"instance"`
	Address  string `json:"address"`
	Port     whole  `json:"port"`
	Players  whole  `json:"players"`
	Max      whole  `json:"max"`
}

// report is a heartbeat: the entry, and whether players may come.
type report struct {
	zoneServer
	Ready    bool `json:"ready"`
	Draining bool `json:"draining"`
}

func (z report) check() error {
	switch {
	case !plainName.MatchString(z.Zone) || !plainName.MatchString(z.Instance):
		return badRequest("zone and instance: plain names")
	case net.ParseIP(z.Address) == nil:
		return badRequest("address: an IP address")
	case z.Port < 1 || z.Port > 65535 || z.Players < 0 || z.Max < 1:
		return badRequest("port: 1 to 65535; players: 0 or more; max: 1 or more")
	}
	return nil
}

// heartbeat enters a zone server, or renews it. Zones are of one's own house: the name in the
// path counts, the body need not repeat it.
func (a *api) heartbeat(w http.ResponseWriter, r *http.Request) error {
	var entry report
	if err := read(w, r, &entry); err != nil {
		return err
	}
	entry.Instance = r.PathValue("instance")
	if err := entry.check(); err != nil {
		return err
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	_, err = ask(r.Context(), a.session, "HSETEX", directoryKey, "EX", directoryTTL,
		"FIELDS", 1, entry.Instance, text)
	if err != nil {
		return err
	}
	return reply(w, map[string]int{"forgotten_after_s": directoryTTL})
}

// forgetZone removes a zone server that shuts down, so that nobody is sent there for 15 s.
func (a *api) forgetZone(w http.ResponseWriter, r *http.Request) error {
	if _, err := ask(r.Context(), a.session, "HDEL", directoryKey, r.PathValue("instance")); err != nil {
		return err
	}
	return reply(w, map[string]string{"status": "forgotten"})
}

func (a *api) listZones(w http.ResponseWriter, r *http.Request, _ int64) error {
	all, err := a.directory(r.Context())
	if err != nil {
		return err
	}
	return reply(w, welcoming(all))
}

// directory is every zone server that has given a sign of life.
func (a *api) directory(ctx context.Context) (map[string]report, error) {
	texts, err := redis.StringMap(ask(ctx, a.session, "HGETALL", directoryKey))
	if err != nil {
		return nil, err
	}
	found := map[string]report{}
	for instance, text := range texts {
		var entry report
		if json.Unmarshal([]byte(text), &entry) == nil {
			found[instance] = entry
		}
	}
	return found, nil
}

// welcoming are those that take players, in the order of their names.
func welcoming(all map[string]report) []zoneServer {
	found := []zoneServer{}
	for _, entry := range all {
		if entry.Ready && !entry.Draining {
			found = append(found, entry.zoneServer)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Instance < found[j].Instance })
	return found
}
