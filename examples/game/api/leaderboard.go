package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/gomodule/redigo/redis"
)

const (
	boardKey     = "leaderboard"
	boardDefault = 10
	boardMost    = 100
)

type place struct {
	Rank      int    `json:"rank"`
	Character int64  `json:"character"`
	Name      string `json:"name"`
	Score     int64  `json:"score"`
}

// rank enters a committed score. Redis may be away: the score is in PostgreSQL, see rebuild.go.
func (a *api) rank(ctx context.Context, s savePoint) {
	_, err := ask(ctx, a.board, "ZADD", boardKey, int64(s.Score), int64(s.Character))
	if err != nil {
		boardErrors.Inc()
		a.boardBehind.Store(true)
		slog.Warn("a score waits for Redis", "error", err.Error())
	}
}

func (a *api) leaderboard(w http.ResponseWriter, r *http.Request) error {
	limit, err := limitOf(r)
	if err != nil {
		return err
	}
	places, err := a.best(r.Context(), limit)
	if err != nil {
		return err
	}
	names, err := a.namesOf(r.Context(), places)
	if err != nil {
		return err
	}
	for i := range places {
		places[i].Name = names[places[i].Character]
	}
	return reply(w, places)
}

func limitOf(r *http.Request) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return boardDefault, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > boardMost {
		return 0, badRequest("limit: 1 to 100")
	}
	return limit, nil
}

func (a *api) best(ctx context.Context, limit int) ([]place, error) {
	pairs, err := redis.Int64s(ask(ctx, a.board, "ZREVRANGE", boardKey, 0, limit-1, "WITHSCORES"))
	if err != nil {
		return nil, err
	}
	places := []place{}
	for i := 0; i+1 < len(pairs); i += 2 {
		places = append(places, place{Rank: i/2 + 1, Character: pairs[i], Score: pairs[i+1]})
	}
	return places, nil
}

func (a *api) namesOf(ctx context.Context, places []place) (map[int64]string, error) {
	ids := []int64{}
	for _, one := range places {
		ids = append(ids, one.Character)
	}
	rows, err := a.campaign.Query(ctx, `select id, name from characters where id = any($1)`, ids)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[int64]string{}
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}
