package main

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestATokenNamesItsPlayerUnderItsOwnKeyOnly(t *testing.T) {
	key := []byte("a key of at least sixteen")
	token, err := playerToken(42, key)
	if err != nil {
		t.Fatal(err)
	}
	if player, err := playerOf(token, key); player != 42 || err != nil {
		t.Error(player, err)
	}
	if _, err := playerOf(token, []byte("another key of sixteen")); err == nil {
		t.Error("another key was taken")
	}
}

func TestForgedAndOldTokensAreRefused(t *testing.T) {
	key := []byte("a key of at least sixteen")
	old := jwt.RegisteredClaims{Subject: "1", ExpiresAt: jwt.NewNumericDate(time.Now().Add(-time.Second))}
	endless := jwt.RegisteredClaims{Subject: "1"}
	bare, _ := jwt.NewWithClaims(jwt.SigningMethodNone, lasting(time.Hour)).
		SignedString(jwt.UnsafeAllowNoneSignatureType)
	other, _ := jwt.NewWithClaims(jwt.SigningMethodHS512, lasting(time.Hour)).SignedString(key)
	tokens := map[string]string{"none": bare, "another method": other, "empty": "", "words": "a.b.c"}
	tokens["expired"], _ = sign(old, key)
	tokens["endless"], _ = sign(endless, key)
	for name, token := range tokens {
		if player, err := playerOf(token, key); err == nil {
			t.Errorf("%s: taken for player %d", name, player)
		}
	}
}
