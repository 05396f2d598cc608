package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"

	"golang.org/x/crypto/argon2"
)

// OWASP's second choice of equal strength: less memory, one more pass. Two at once are 24 MiB
// of the 96 that GOMEMLIMIT leaves; each takes about 30 ms.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const (
	hashMemoryKiB = 12 << 10
	hashPasses    = 3
	hashThreads   = 1
	hashBytes     = 32
	saltBytes     = 16
	hashesAtOnce  = 2
)

// passwords hashes a few at a time: a rush of logins waits instead of taking all memory.
type passwords struct {
	places chan struct{}
	// The hash of no password: an unknown name costs as long as a wrong password.
	nobody string
}

func newPasswords() passwords {
	salt := make([]byte, saltBytes)
	return passwords{make(chan struct{}, hashesAtOnce), encode(salt, make([]byte, hashBytes))}
}

// hash gives the text to store: parameters, salt and hash.
func (p passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // Since Go 1.24 it ends the process rather than fail.
	key, err := p.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return encode(salt, key), nil
}

// matches compares in constant time; an error means that it could not be tried.
func (p passwords) matches(ctx context.Context, password, stored string) (bool, error) {
	salt, want, err := decode(stored)
	if err != nil {
		return false, err
	}
	key, err := p.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, want) == 1, nil
}

func (p passwords) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case p.places <- struct{}{}:
		defer p.leave()
	case <-ctx.Done():
		return nil, busy("too many logins at once")
	}
	word := []byte(password)
	return argon2.IDKey(word, salt, hashPasses, hashMemoryKiB, hashThreads, hashBytes), nil
}

// leave makes room for the next, and after the last one gives the memory back: otherwise tens of
// MB would stay until Go's next collection, which an idle process reaches after two minutes.
func (p passwords) leave() {
	<-p.places
	if len(p.places) == 0 {
		debug.FreeOSMemory()
	}
}

// The usual text form; its parameters tell a later release which hashes to renew.
var prefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$",
	argon2.Version, hashMemoryKiB, hashPasses, hashThreads)

func encode(salt, key []byte) string {
	text := base64.RawStdEncoding.EncodeToString
	return prefix + text(salt) + "$" + text(key)
}

func decode(stored string) (salt, key []byte, err error) {
	rest, found := strings.CutPrefix(stored, prefix)
	first, second, both := strings.Cut(rest, "$")
	if !found || !both {
		return nil, nil, fmt.Errorf("a stored password has other parameters than %s", prefix)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(first); err != nil {
		return nil, nil, err
	}
	key, err = base64.RawStdEncoding.DecodeString(second)
	return salt, key, err
}
