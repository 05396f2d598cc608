package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgconn/stmtcache"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const (
	// Fewer than PgBouncer gives the role `application` on the smallest droplet (23): one API
	// leaves room for another, as in the minute in which a release replaces one.
	databaseConns  = 10
	connectTime    = 3 * time.Second
	connLife       = 30 * time.Minute
	connIdle       = 5 * time.Minute
	cachedQueries  = 64
	foreignKey     = "23503"
	applicationTag = "game-api"
)

// openDatabase makes a pool for PgBouncer in transaction pooling.
//
// The driver keeps descriptions of statements, not prepared statements. Named ones would live:
// PgBouncer carries them (max_prepared_statements). But after a migration that changes a column
// a server's session refuses its old plan, and this driver then sends DEALLOCATE for a name that
// PgBouncer has changed: errors until both reconnect. Planning anew costs about 0.1 ms.
func openDatabase(name, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// Without the reason: it may quote the URL, which holds a password.
		return nil, fmt.Errorf("%s is no address of PostgreSQL", name)
	}
	config.LazyConnect = true
	config.MaxConns = databaseConns
	config.MaxConnLifetime = connLife
	config.MaxConnIdleTime = connIdle
	config.BeforeAcquire = func(_ context.Context, conn *pgx.Conn) bool {
		return open(conn.PgConn().Conn())
	}
	config.ConnConfig.ConnectTimeout = connectTime
	config.ConnConfig.RuntimeParams["application_name"] = applicationTag
	config.ConnConfig.BuildStatementCache = func(conn *pgconn.PgConn) stmtcache.Cache {
		return stmtcache.New(conn, stmtcache.ModeDescribe, cachedQueries)
	}
	return pgxpool.ConnectConfig(context.Background(), config)
}

// refused tells a statement that PostgreSQL did not take, ours or the data's fault, from a
// database that is away, busy or restarting.
func refused(err error) bool {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return false
	}
	// 08 connection, 40 rollback, 53 resources, 57 operator, 58 system; PgBouncer answers 08.
	for _, class := range []string{"08", "40", "53", "57", "58"} {
		if strings.HasPrefix(answer.Code, class) {
			return false
		}
	}
	return true
}

func violates(err error, code string) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == code
}
