package main

import (
	"strings"
	"testing"
)

func environment() map[string]string {
	return map[string]string{
		"LISTEN": "127.0.0.1:8080", "REGION": "singapore", "RELEASE": "1.0.0",
		"CAMPAIGN_DATABASE_URL": "postgres://a:b@127.0.0.1/campaign",
		"REDIS_SESSION_URL":     "redis://a:b@127.0.0.1:6379/0",
		"REDIS_LEADERBOARD_URL": "redis://a:b@127.0.0.1:6380/0",
		"JWT_KEY":               "jwt-key-0123456789", "TICKET_KEY": "ticket-key-0123456789",
		"ZONE_KEY": "zone-key-0123456789",
	}
}

func from(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestAllThatIsMissingIsNamedAtOnce(t *testing.T) {
	values := environment()
	delete(values, "LISTEN")
	delete(values, "JWT_KEY")
	if _, err := readConfig(from(values)); err == nil || err.Error() != "not set: LISTEN, JWT_KEY" {
		t.Error(err)
	}
}

func TestWithoutAReleaseTheBuiltVersionCounts(t *testing.T) {
	values := environment()
	delete(values, "RELEASE")
	if found, err := readConfig(from(values)); found.release != version || err != nil {
		t.Error(found.release, err)
	}
}

func TestWeakAndSharedKeysAreRefused(t *testing.T) {
	short, same := environment(), environment()
	short["ZONE_KEY"] = "short"
	same["TICKET_KEY"] = same["JWT_KEY"]
	for _, values := range []map[string]string{short, same} {
		_, err := readConfig(from(values))
		if err == nil || strings.Contains(err.Error(), "key-0123") {
			t.Error(err)
		}
	}
}

func TestAWrongAddressIsRefusedAndNotShown(t *testing.T) {
	names := []string{"CAMPAIGN_DATABASE_URL", "REDIS_SESSION_URL", "REDIS_LEADERBOARD_URL"}
	for _, name := range names {
		values := environment()
		values[name] = "http://application:hunter2@%zz"
		config, err := readConfig(from(values))
		if err == nil {
			_, err = newAPI(config)
		}
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hunter2") {
			t.Error(name, err)
		}
	}
}
