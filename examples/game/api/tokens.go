package main

import (
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	tokenLife  = 12 * time.Hour
	ticketLife = time.Minute
)

// ticket lets one character into one zone server, with what that needs to know about it.
type ticket struct {
	Character int64   `json:"character"`
	Name      string  `json:"name"`
	Instance  string  `json:"instance"`
	Seq       int64   `json:"seq"`
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	Score     int64   `json:"score"`
	jwt.RegisteredClaims
}

func sign(claims jwt.Claims, key []byte) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
}

func lasting(life time.Duration) jwt.RegisteredClaims {
	now := time.Now()
	return jwt.RegisteredClaims{
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(life)),
	}
}

func playerToken(player int64, key []byte) (string, error) {
	claims := lasting(tokenLife)
	claims.Subject = strconv.FormatInt(player, 10)
	return sign(claims, key)
}

// playerOf is the player of a token that this key has signed and that has not expired.
func playerOf(token string, key []byte) (int64, error) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims,
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired())
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(claims.Subject, 10, 64)
}
