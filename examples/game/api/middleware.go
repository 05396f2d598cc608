package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// A handler either answers, or returns the error that becomes the answer.
type handler func(http.ResponseWriter, *http.Request) error

// A playerHandler also gets the id of the player whose token came along.
type playerHandler func(http.ResponseWriter, *http.Request, int64) error

// The edge sets a request's id; anything odd is replaced, because it goes into the log.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// recorder remembers the status code for the log and the metrics.
type recorder struct {
	http.ResponseWriter
	code int
}

func (r *recorder) WriteHeader(code int) {
	r.code = code
	r.ResponseWriter.WriteHeader(code)
}

// wrap gives a handler its deadline, its id, its log line and its metrics.
func (a *api) wrap(pattern string, serve handler) http.Handler {
	route := pattern[strings.Index(pattern, "/"):]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		id := idOf(r)
		w.Header().Set("X-Request-Id", id)
		seen := &recorder{w, http.StatusOK}
		err := caught(serve, seen, r.WithContext(ctx))
		if err != nil {
			answerError(seen, told(err))
		}
		took := time.Since(start)
		requests.WithLabelValues(route, strconv.Itoa(seen.code)).Inc()
		durations.WithLabelValues(route).Observe(took.Seconds())
		logRequest(r, route, id, seen.code, took, err)
	})
}

func answerError(w http.ResponseWriter, known problem) {
	if known.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	_ = replyWith(w, known.code, map[string]string{"error": known.text})
}

// caught turns a panic into an error: one bad request does not end the others.
func caught(serve handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			slog.Error("panic", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			err = problem{http.StatusInternalServerError, "internal error"}
		}
	}()
	return serve(w, r)
}

func idOf(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); requestID.MatchString(id) {
		return id
	}
	return rand.Text()
}

// logRequest writes one line. Checks, heartbeats and saves come all the time: only failed ones.
func logRequest(r *http.Request, route, id string, code int, took time.Duration, err error) {
	if code < http.StatusBadRequest && !strings.HasPrefix(route, "/v1/") {
		return
	}
	words := []any{"request", id, "method", r.Method, "route", route, "code", code,
		"ms", took.Milliseconds()}
	level := slog.LevelInfo
	if err != nil {
		words = append(words, "error", err.Error())
	}
	if code >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	slog.Log(r.Context(), level, "request", words...)
}

func bearer(r *http.Request) string {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return ""
	}
	return token
}

func (a *api) asPlayer(serve playerHandler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		player, err := playerOf(bearer(r), a.config.jwtKey)
		if err != nil {
			return unauthorized
		}
		return serve(w, r, player)
	}
}

func (a *api) asZone(serve handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if subtle.ConstantTimeCompare([]byte(bearer(r)), a.config.zoneKey) != 1 {
			return unauthorized
		}
		return serve(w, r)
	}
}
