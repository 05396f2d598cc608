package main

import (
	"errors"
	"net/http"
	"regexp"

	"github.com/jackc/pgx/v4"
)

const (
	passwordLeast = 8
	// argon2 reads every byte; nobody types more.
	passwordMost = 128
)

var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{2,32}$`)

type credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

func (c credentials) check() error {
	if !plainName.MatchString(c.Name) {
		return badRequest("name: 2 to 32 letters, digits, _ or -")
	}
	if len(c.Password) < passwordLeast || len(c.Password) > passwordMost {
		return badRequest("password: 8 to 128 characters")
	}
	return nil
}

func (a *api) register(w http.ResponseWriter, r *http.Request) error {
	var asked credentials
	if err := read(w, r, &asked); err != nil {
		return err
	}
	if err := asked.check(); err != nil {
		return err
	}
	stored, err := a.passwords.hash(r.Context(), asked.Password)
	if err != nil {
		return err
	}
	const insert = `insert into players (name, password) values ($1, $2)
		on conflict do nothing returning id`
	var id int64
	err = a.campaign.QueryRow(r.Context(), insert, asked.Name, stored).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return conflict("this name is taken")
	}
	if err != nil {
		return err
	}
	return a.replyToken(w, id)
}

func (a *api) login(w http.ResponseWriter, r *http.Request) error {
	var asked credentials
	if err := read(w, r, &asked); err != nil {
		return err
	}
	if err := asked.check(); err != nil {
		return err
	}
	id, stored := int64(0), a.passwords.nobody
	const query = `select id, password from players where lower(name) = lower($1)`
	err := a.campaign.QueryRow(r.Context(), query, asked.Name).Scan(&id, &stored)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	right, err := a.passwords.matches(r.Context(), asked.Password, stored)
	if err != nil {
		return err
	}
	if !right || id == 0 {
		return problem{http.StatusUnauthorized, "wrong name or password"}
	}
	return a.replyToken(w, id)
}

func (a *api) replyToken(w http.ResponseWriter, player int64) error {
	token, err := playerToken(player, a.config.jwtKey)
	if err != nil {
		return err
	}
	return reply(w, map[string]any{"token": token, "expires_in": int(tokenLife.Seconds())})
}
