package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	requests = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "api_requests_total", Help: "Requests that were answered.",
	}, []string{"route", "code"})
	durations = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "api_request_duration_seconds", Help: "Time to an answer.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route"})
	saves = promauto.NewCounter(prometheus.CounterOpts{
		Name: "api_saves_total", Help: "Saves that were committed; a repeated one counts once.",
	})
	boardErrors = promauto.NewCounter(prometheus.CounterOpts{
		Name: "api_leaderboard_errors_total", Help: "Scores that Redis did not take at once.",
	})
	buildInfo = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "api_build_info", Help: "The release that runs.",
	}, []string{"version"})
)

func metricsHandler() http.Handler { return promhttp.Handler() }
