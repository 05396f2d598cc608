package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// An HMAC key shorter than this can be guessed offline from one token.
const keyBytes = 16

// config is what the environment says; docs/game.md explains each variable.
type config struct {
	listen, region, release                 string
	campaignURL, sessionURL, leaderboardURL string
	jwtKey, ticketKey, zoneKey              []byte
}

// readConfig names everything that is missing at once, and never a value.
func readConfig(getenv func(string) string) (config, error) {
	var missing []string
	must := func(name string) string {
		value := getenv(name)
		if value == "" {
			missing = append(missing, name)
		}
		return value
	}
	found := config{
		listen:         must("LISTEN"),
		region:         must("REGION"),
		release:        getenv("RELEASE"),
		campaignURL:    must("CAMPAIGN_DATABASE_URL"),
		sessionURL:     must("REDIS_SESSION_URL"),
		leaderboardURL: must("REDIS_LEADERBOARD_URL"),
		jwtKey:         []byte(must("JWT_KEY")),
		ticketKey:      []byte(must("TICKET_KEY")),
		zoneKey:        []byte(must("ZONE_KEY")),
	}
	if len(missing) > 0 {
		return config{}, fmt.Errorf("not set: %s", strings.Join(missing, ", "))
	}
	if found.release == "" {
		found.release = version
	}
	return found, found.checkKeys()
}

func (c config) checkKeys() error {
	keys := map[string][]byte{
		"JWT_KEY": c.jwtKey, "TICKET_KEY": c.ticketKey, "ZONE_KEY": c.zoneKey,
	}
	for name, key := range keys {
		if len(key) < keyBytes {
			return fmt.Errorf("%s is shorter than %d characters", name, keyBytes)
		}
	}
	// With one key for both, a zone could pass a ticket off as a player's token.
	if bytes.Equal(c.jwtKey, c.ticketKey) {
		return errors.New("JWT_KEY and TICKET_KEY must differ")
	}
	return nil
}
