package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
)

// problem is an answer that the caller can do something about.
type problem struct {
	code int
	text string
}

func (p problem) Error() string { return p.text }

func badRequest(text string) error { return problem{http.StatusBadRequest, text} }
func notFound(text string) error   { return problem{http.StatusNotFound, text} }
func conflict(text string) error   { return problem{http.StatusConflict, text} }
func busy(text string) error       { return problem{http.StatusServiceUnavailable, text} }

var unauthorized = problem{http.StatusUnauthorized, "a valid bearer token is needed"}

// told is what a caller gets to see of an error; details stay in the log.
func told(err error) problem {
	var known problem
	switch {
	case errors.As(err, &known):
		return known
	case refused(err):
		return problem{http.StatusInternalServerError, "internal error"}
	}
	return problem{http.StatusServiceUnavailable, "please try again"}
}

// reply writes a value as JSON.
func reply(w http.ResponseWriter, value any) error {
	return replyWith(w, http.StatusOK, value)
}

func replyWith(w http.ResponseWriter, code int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(body) // A caller that has gone away is no fault of ours.
	return nil
}

// read takes a JSON body. Unknown keys are allowed: older and newer zones talk to this release.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyBytes)).Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return problem{http.StatusRequestEntityTooLarge, "the body is too large"}
	case err != nil:
		return badRequest("the body is not the expected JSON")
	}
	return nil
}

// whole is an integer as Godot writes it: its JSON knows only floating numbers, 12 or 12.0.
type whole int64

// UnmarshalJSON refuses fractions and what a float cannot hold exactly.
func (n *whole) UnmarshalJSON(text []byte) error {
	var number float64
	if err := json.Unmarshal(text, &number); err != nil {
		return err
	}
	const exact = 1 << 53
	if number != math.Trunc(number) || math.Abs(number) > exact {
		return fmt.Errorf("%s is no whole number", text)
	}
	*n = whole(number)
	return nil
}
