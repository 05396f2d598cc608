package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	rebuildPause = 5 * time.Second
	rebuildTime  = 25 * time.Second
	rebuildBatch = 500
)

// keepLeaderboardWhole brings scores into Redis that it may lack: after the start, because
// Redis may have come back empty, and after any score that it did not take.
func (a *api) keepLeaderboardWhole(ctx context.Context) {
	tick := time.NewTicker(rebuildPause)
	defer tick.Stop()
	for {
		if a.boardBehind.Swap(false) {
			if err := a.rebuild(ctx); err != nil {
				a.boardBehind.Store(true)
				slog.Warn("the leaderboard is not whole yet", "error", err.Error())
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// rebuild enters every character's score from PostgreSQL.
func (a *api) rebuild(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, rebuildTime)
	defer cancel()
	rows, err := a.campaign.Query(ctx, `select score, character from saves`)
	if err != nil {
		return err
	}
	defer rows.Close()
	batch := []int64{}
	for rows.Next() {
		var score, id int64
		if err := rows.Scan(&score, &id); err != nil {
			return err
		}
		if batch = append(batch, score, id); len(batch) == 2*rebuildBatch {
			if err := a.enter(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return a.enter(ctx, batch)
}

// enter adds pairs of score and id. GT: a score that a save has raised meanwhile stays.
func (a *api) enter(ctx context.Context, pairs []int64) error {
	if len(pairs) == 0 {
		return nil
	}
	_, err := ask(ctx, a.board, "ZADD", redis.Args{boardKey, "GT"}.AddFlat(pairs)...)
	return err
}
