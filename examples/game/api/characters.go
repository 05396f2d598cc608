package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v4"
)

type character struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func (a *api) listCharacters(w http.ResponseWriter, r *http.Request, player int64) error {
	const query = `select id, name from characters where player = $1 order by id`
	rows, err := a.campaign.Query(r.Context(), query, player)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := []character{}
	for rows.Next() {
		var one character
		if err := rows.Scan(&one.ID, &one.Name); err != nil {
			return err
		}
		found = append(found, one)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return reply(w, found)
}

func (a *api) createCharacter(w http.ResponseWriter, r *http.Request, player int64) error {
	var asked character
	if err := read(w, r, &asked); err != nil {
		return err
	}
	if !plainName.MatchString(asked.Name) {
		return badRequest("name: 2 to 32 letters, digits, _ or -")
	}
	// A player who registers on two devices at once may get one more: no harm.
	const insert = `insert into characters (player, name)
		select $1, $2 where (select count(*) from characters where player = $1) < 8
		on conflict do nothing returning id`
	err := a.campaign.QueryRow(r.Context(), insert, player, asked.Name).Scan(&asked.ID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return conflict("this name is taken, or you have 8 characters already")
	case violates(err, foreignKey):
		return unauthorized
	case err != nil:
		return err
	}
	return reply(w, asked)
}

// owned is a player's own character; another's is as good as none.
func (a *api) owned(ctx context.Context, player, id int64) (character, error) {
	one := character{ID: id}
	const query = `select name from characters where id = $1 and player = $2`
	err := a.campaign.QueryRow(ctx, query, id, player).Scan(&one.Name)
	if errors.Is(err, pgx.ErrNoRows) {
		return one, notFound("no such character of yours")
	}
	return one, err
}
