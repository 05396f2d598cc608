package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestAPasswordMatchesItsOwnHashOnly(t *testing.T) {
	p, ctx := newPasswords(), context.Background()
	stored, err := p.hash(ctx, "correct horse")
	if err != nil || strings.Contains(stored, "horse") {
		t.Fatal(stored, err)
	}
	for word, want := range map[string]bool{"correct horse": true, "correct hors": false, "": false} {
		if got, err := p.matches(ctx, word, stored); got != want || err != nil {
			t.Errorf("%q: %v %v", word, got, err)
		}
	}
	if right, err := p.matches(ctx, "", p.nobody); right || err != nil {
		t.Error("nobody's hash:", right, err)
	}
	if _, err := p.matches(ctx, "x", "plain text"); err == nil {
		t.Error("a stored password of another form was taken")
	}
}

func TestARushOfLoginsWaitsForAPlaceAndGivesUp(t *testing.T) {
	p := newPasswords()
	for range hashesAtOnce {
		p.places <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := p.hash(ctx, "correct horse"); told(err).code != 503 {
		t.Error(err)
	}
}
