package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// Shorter than a check's own time-out at the edge.
const readyTime = 2 * time.Second

func (a *api) health(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, map[string]string{"status": "ok"})
}

func (a *api) version(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, map[string]string{"version": a.config.release, "region": a.config.region})
}

// ready asks for a table, not for 1: a release whose migration is missing must not go live.
// The leaderboard does not count: players go on without it.
func (a *api) ready(w http.ResponseWriter, r *http.Request) error {
	if a.stopping.Load() {
		return busy("stopping")
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if _, err := a.campaign.Exec(ctx, "select exists (select from save_log)"); err != nil {
		slog.Warn("not ready", "database", err.Error())
		return busy("the database does not answer")
	}
	if _, err := ask(ctx, a.session, "PING"); err != nil {
		slog.Warn("not ready", "cache", err.Error())
		return busy("the cache does not answer")
	}
	return reply(w, map[string]string{"status": "ready"})
}
