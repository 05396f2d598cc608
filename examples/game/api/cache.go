package main

import (
	"context"
	"fmt"
	neturl "net/url"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	// Redis counts on 20 connections of one API at most (maxclients).
	redisConns = 20
	redisTime  = 2 * time.Second
	redisIdle  = 2 * time.Minute
	// A connection that was idle for longer is asked before it is used.
	redisTrust = time.Second
)

func openRedis(name, url string) (*redis.Pool, error) {
	if address, err := neturl.Parse(url); err != nil || address.Scheme != "redis" {
		// Without the reason: it quotes the URL, which holds a password.
		return nil, fmt.Errorf("%s is no address of Redis", name)
	}
	return &redis.Pool{
		MaxActive:   redisConns,
		MaxIdle:     redisConns / 2,
		IdleTimeout: redisIdle,
		Wait:        true,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialURLContext(ctx, url,
				redis.DialConnectTimeout(redisTime),
				redis.DialReadTimeout(redisTime),
				redis.DialWriteTimeout(redisTime))
		},
		TestOnBorrow: func(conn redis.Conn, idleSince time.Time) error {
			if time.Since(idleSince) < redisTrust {
				return nil
			}
			_, err := conn.Do("PING")
			return err
		},
	}, nil
}

// ask sends one command over a connection of the pool.
func ask(ctx context.Context, pool *redis.Pool, command string, args ...any) (any, error) {
	conn, err := pool.GetContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	defer conn.Close()
	answer, err := redis.DoContext(conn, ctx, command, args...)
	if err != nil {
		return nil, fmt.Errorf("redis %s: %w", command, err)
	}
	return answer, nil
}
