package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// started is an API whose database and caches do not answer.
func started(t *testing.T) *api {
	t.Helper()
	values := environment()
	values["CAMPAIGN_DATABASE_URL"] = "postgres://a:hunter2@127.0.0.1:1/campaign"
	values["REDIS_SESSION_URL"] = "redis://a:hunter2@127.0.0.1:1/0"
	config, err := readConfig(from(values))
	if err != nil {
		t.Fatal(err)
	}
	made, err := newAPI(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.close)
	return made
}

func call(a *api, method, path, body, token string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	answer := httptest.NewRecorder()
	a.routes().ServeHTTP(answer, request)
	return answer
}

func TestWhatIsAnsweredWithoutADatabase(t *testing.T) {
	a := started(t)
	player, _ := playerToken(1, a.config.jwtKey)
	zone := string(a.config.zoneKey)
	save := `{"character": 1.0, "seq": 2, "zone": "forest", "x": 1, "y": 2, "score": 3}`
	long := `{"name": "` + strings.Repeat("x", bodyBytes) + `"}`
	for _, c := range []struct {
		method, path, body, token string
		code                      int
	}{
		{"GET", "/health", "", "", 200},
		{"GET", "/version", "", "", 200},
		{"GET", "/metrics", "", "", 200},
		{"GET", "/ready", "", "", 503},
		{"GET", "/nowhere", "", "", 404},
		{"POST", "/v1/register", `{"name": "ada", "password": "short"}`, "", 400},
		{"POST", "/v1/register", `{"name": "a b", "password": "long enough"}`, "", 400},
		{"POST", "/v1/register", `{`, "", 400},
		{"POST", "/v1/register", long, "", 413},
		{"POST", "/v1/login", `{"name": "ada", "password": "long enough"}`, "", 503},
		{"GET", "/v1/characters", "", "", 401},
		{"GET", "/v1/characters", "", zone, 401},
		{"GET", "/v1/characters", "", player, 503},
		{"GET", "/v1/characters/x/save", "", player, 404},
		{"GET", "/v1/zones", "", player, 503},
		{"GET", "/v1/leaderboard?limit=0", "", "", 400},
		{"POST", "/internal/saves", save, player, 401},
		{"POST", "/internal/saves", save, zone, 503},
		{"POST", "/internal/saves", strings.Replace(save, "2", "2.5", 1), zone, 400},
		{"POST", "/internal/saves", strings.Replace(save, "2", "0", 1), zone, 400},
		{"PUT", "/internal/zones/forest-1", `{"zone": "forest"}`, zone, 400},
	} {
		answer := call(a, c.method, c.path, c.body, c.token)
		if answer.Code != c.code || strings.Contains(answer.Body.String(), "hunter2") {
			t.Errorf("%s %s %.60s: %d %s", c.method, c.path, c.body, answer.Code, answer.Body)
		}
	}
}

func TestARequestKeepsItsIDUnlessThatIsOdd(t *testing.T) {
	a := started(t)
	for id, kept := range map[string]bool{"edge-1:2.3": true, "a b": false, "": false} {
		request := httptest.NewRequest(http.MethodGet, "/health", nil)
		request.Header.Set("X-Request-Id", id)
		answer := httptest.NewRecorder()
		a.routes().ServeHTTP(answer, request)
		if got := answer.Header().Get("X-Request-Id"); (got == id) != kept || got == "" {
			t.Errorf("%q became %q", id, got)
		}
	}
}

func TestAPanicEndsOneRequestOnly(t *testing.T) {
	wrapped := started(t).wrap("GET /x", func(http.ResponseWriter, *http.Request) error { panic("oh") })
	answer := httptest.NewRecorder()
	wrapped.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/x", nil))
	if answer.Code != http.StatusInternalServerError {
		t.Error(answer.Code)
	}
}

func TestAStoppingProcessIsNotReady(t *testing.T) {
	a := started(t)
	a.stopping.Store(true)
	if answer := call(a, "GET", "/ready", "", ""); !strings.Contains(answer.Body.String(), "stopping") {
		t.Error(answer.Body)
	}
}
