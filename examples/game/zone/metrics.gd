extends Reference
# The zone's numbers as Prometheus reads them, and the longest tick of the last half minute.

# Twice Prometheus' usual interval between two looks: none misses a long tick.
const WINDOW_MS = 30000
# The engine's first frame loads everything: no tick of a zone at work.
const STARTED_MS = 3000

var _labels: String
var _version: String
var _this_window = 0.0
var _last_window = 0.0
var _ends = 0

func _init(config):
	_labels = "zone=\"%s\",instance=\"%s\"" % [config.zone, config.instance]
	_version = config.release

# The engine itself keeps the longest tick of each second. Milliseconds count from its start.
func tick(now_ms: int) -> void:
	if now_ms < STARTED_MS:
		return
	_this_window = max(_this_window, Performance.get_monitor(Performance.TIME_PROCESS))
	if now_ms >= _ends:
		_last_window = _this_window
		_this_window = 0.0
		_ends = now_ms + WINDOW_MS

func text(players, saves, max_players: int, ready: bool) -> String:
	var lines = PoolStringArray()
	for one in [
		["players", "gauge", players.count()],
		["players_max", "gauge", max_players],
		["tick_seconds_max", "gauge", max(_this_window, _last_window)],
		["saves_total", "counter", saves.acknowledged_total],
		["save_errors_total", "counter", saves.errors_total],
		["saves_waiting", "gauge", saves.count()],
		["joins_total", "counter", players.joins_total],
		["refusals_total", "counter", players.refusals_total],
		["ready", "gauge", int(ready)],
		["draining", "gauge", int(players.draining())],
	]:
		lines.append("# TYPE zone_%s %s" % [one[0], one[1]])
		lines.append("zone_%s{%s} %s" % [one[0], _labels, one[2]])
	lines.append("# TYPE zone_build_info gauge")
	lines.append("zone_build_info{%s,version=\"%s\"} 1" % [_labels, _version])
	return lines.join("\n") + "\n"
