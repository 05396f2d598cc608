package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v4"
)

// savePoint is a character's state; seq grows with its saves.
type savePoint struct {
	Character whole   `json:"character"`
	Seq       whole   `json:"seq"`
	Zone      string  `json:"zone"`
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	Score     whole   `json:"score"`
}

func (s savePoint) check() error {
	if s.Character < 1 || s.Seq < 1 || !plainName.MatchString(s.Zone) {
		return badRequest("character and seq: 1 or more; zone: a plain name")
	}
	return nil
}

// save answers 200 only after the commit. The leaderboard comes after it: a score that Redis
// does not take is brought in later, and the save stands.
func (a *api) save(w http.ResponseWriter, r *http.Request) error {
	var point savePoint
	if err := read(w, r, &point); err != nil {
		return err
	}
	if err := point.check(); err != nil {
		return err
	}
	var newest bool
	err := a.campaign.BeginFunc(r.Context(), func(tx pgx.Tx) (err error) {
		newest, err = store(r.Context(), tx, point)
		return err
	})
	switch {
	case violates(err, foreignKey):
		return notFound("no such character")
	case err != nil:
		return err
	case newest:
		saves.Inc()
		a.rank(r.Context(), point)
	}
	return reply(w, map[string]any{"character": point.Character, "seq": point.Seq})
}

// store writes nothing unless seq is newer than what is there: a repeated save, or one that
// comes late, is good as it is. The row's lock lines up the saves of one character.
func store(ctx context.Context, tx pgx.Tx, s savePoint) (newest bool, err error) {
	const state = `insert into saves (character, seq, zone, x, y, score)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (character) do update set
		seq = excluded.seq, zone = excluded.zone, x = excluded.x, y = excluded.y,
		score = excluded.score, saved_at = excluded.saved_at
		where saves.seq < excluded.seq`
	kept, err := tx.Exec(ctx, state, s.Character, s.Seq, s.Zone, s.X, s.Y, s.Score)
	if err != nil || kept.RowsAffected() == 0 {
		return false, err
	}
	const log = `insert into save_log (character, seq) values ($1, $2)`
	if _, err := tx.Exec(ctx, log, s.Character, s.Seq); err != nil {
		return false, err
	}
	const event = `insert into events (kind, character, zone, score) values ('save', $1, $2, $3)`
	_, err = tx.Exec(ctx, event, s.Character, s.Zone, s.Score)
	return err == nil, err
}

func (a *api) ownSave(w http.ResponseWriter, r *http.Request, player int64) error {
	id, err := idIn(r)
	if err != nil {
		return err
	}
	if _, err := a.owned(r.Context(), player, id); err != nil {
		return err
	}
	return a.replySave(w, r, id)
}

func (a *api) anySave(w http.ResponseWriter, r *http.Request) error {
	id, err := idIn(r)
	if err != nil {
		return err
	}
	return a.replySave(w, r, id)
}

func (a *api) replySave(w http.ResponseWriter, r *http.Request, id int64) error {
	point, err := a.lastSave(r.Context(), id)
	if err != nil {
		return err
	}
	if point.Seq == 0 {
		return notFound("nothing is saved yet")
	}
	return reply(w, point)
}

// lastSave is a character's state; seq 0 where nothing is saved yet.
func (a *api) lastSave(ctx context.Context, id int64) (savePoint, error) {
	point := savePoint{Character: whole(id)}
	const query = `select seq, zone, x, y, score from saves where character = $1`
	err := a.campaign.QueryRow(ctx, query, id).
		Scan(&point.Seq, &point.Zone, &point.X, &point.Y, &point.Score)
	if errors.Is(err, pgx.ErrNoRows) {
		return point, nil
	}
	return point, err
}

func idIn(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, notFound("no such character")
	}
	return id, nil
}
