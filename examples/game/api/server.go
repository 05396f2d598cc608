package main

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v4/pgxpool"
)

const (
	requestTime = 8 * time.Second
	headerTime  = 5 * time.Second
	// Longer than requestTime: the answer to a request that ran into its deadline still leaves.
	writeTime = 12 * time.Second
	// Longer than an edge keeps idle connections, so that it never sends into a closed one.
	idleTime    = 2 * time.Minute
	headerBytes = 16 << 10
	bodyBytes   = 16 << 10
)

// api is the process: its pools and what its handlers share.
type api struct {
	config    config
	campaign  *pgxpool.Pool
	session   *redis.Pool
	board     *redis.Pool
	passwords passwords
	stopping  atomic.Bool
	// Whether scores may be missing in Redis; at the start nobody knows.
	boardBehind atomic.Bool
}

// newAPI opens no connection yet: the process starts, and is healthy, without its database.
func newAPI(config config) (*api, error) {
	campaign, err := openDatabase("CAMPAIGN_DATABASE_URL", config.campaignURL)
	if err != nil {
		return nil, err
	}
	session, err := openRedis("REDIS_SESSION_URL", config.sessionURL)
	if err != nil {
		return nil, err
	}
	board, err := openRedis("REDIS_LEADERBOARD_URL", config.leaderboardURL)
	if err != nil {
		return nil, err
	}
	made := &api{config: config, campaign: campaign, session: session, board: board,
		passwords: newPasswords()}
	made.boardBehind.Store(true)
	buildInfo.WithLabelValues(config.release).Set(1)
	return made, nil
}

func (a *api) close() {
	a.campaign.Close()
	a.session.Close()
	a.board.Close()
}

func newServer(a *api) *http.Server {
	return &http.Server{
		Handler:           a.routes(),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
	}
}

func (a *api) routes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, serve handler) { mux.Handle(pattern, a.wrap(pattern, serve)) }
	player := func(pattern string, serve playerHandler) { open(pattern, a.asPlayer(serve)) }
	zone := func(pattern string, serve handler) { open(pattern, a.asZone(serve)) }

	open("GET /health", a.health)
	open("GET /ready", a.ready)
	open("GET /version", a.version)
	mux.Handle("GET /metrics", metricsHandler())
	open("/", func(http.ResponseWriter, *http.Request) error { return notFound("no such page") })

	open("POST /v1/register", a.register)
	open("POST /v1/login", a.login)
	open("GET /v1/leaderboard", a.leaderboard)
	player("GET /v1/characters", a.listCharacters)
	player("POST /v1/characters", a.createCharacter)
	player("GET /v1/characters/{id}/save", a.ownSave)
	player("GET /v1/zones", a.listZones)
	player("POST /v1/tickets", a.createTicket)

	zone("PUT /internal/zones/{instance}", a.heartbeat)
	zone("DELETE /internal/zones/{instance}", a.forgetZone)
	zone("GET /internal/characters/{id}/save", a.anySave)
	zone("POST /internal/saves", a.save)
	return mux
}
