//go:debug default=go1.24

// Command game-api is the sample game's API; docs/game.md has what it promises to realmfleet.
//
// The first line matters: built without modules, Go would fall back to behaviour of 2020, where
// routes such as "GET /x/{id}" match nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Requests end by their own deadline before this; a unit's TimeoutStopSec must be longer.
const shutdownTime = 15 * time.Second

// The linker writes the sample's version here.
var version = "unknown"

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "game-api:", err)
		os.Exit(1)
	}
}

func run() error {
	config, err := readConfig(os.Getenv)
	if err != nil {
		return err
	}
	api, err := newAPI(config)
	if err != nil {
		return err
	}
	defer api.close()
	listener, err := net.Listen("tcp", config.listen)
	if err != nil {
		return fmt.Errorf("LISTEN: %w", err)
	}
	slog.Info("serving", "listen", config.listen, "region", config.region,
		"release", config.release, "built", version)
	return serve(api, listener)
}

// serve answers until SIGTERM or SIGINT, then finishes what is in flight.
func serve(api *api, listener net.Listener) error {
	stopped, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go api.keepLeaderboardWhole(stopped)
	server := newServer(api)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-stopped.Done():
	}
	slog.Info("stopping: requests in flight are finished")
	api.stopping.Store(true)
	ctx, done := context.WithTimeout(context.Background(), shutdownTime)
	defer done()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("some requests did not end within %s: %w", shutdownTime, err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	slog.Info("stopped")
	return nil
}
