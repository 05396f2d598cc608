extends Reference
# Takes waiting saves to the API over a few connections, and says which were committed.

const ApiClient = preload("res://api_client.gd")
# An answer is seen a tick later: one connection takes 10 to 20 saves a second, four are enough
# for 100 players who save every 5 s.
const CONNECTIONS = 4
const PATH = "/internal/saves"
# Answers of an API that is away or busy, not of one that dislikes this save: all wait then.
const AWAY = [0, 429, 502, 503, 504]
const PAUSE_MIN_MS = 250
const PAUSE_MAX_MS = 5000

signal committed(body, number)

var _saves
# [{"client": ApiClient, "record": Dictionary or null}]
var _lanes = []
var _pause_ms = 0
var _pause_ends = 0

func _init(saves, place: Dictionary, key: String):
	_saves = saves
	for _lane in CONNECTIONS:
		_lanes.append({"client": ApiClient.new(place, key), "record": null})

func poll(now_ms: int) -> void:
	for lane in _lanes:
		if lane.record != null:
			_look(lane, now_ms)
		if lane.record == null and now_ms >= _pause_ends:
			_send_next(lane, now_ms)

func _send_next(lane: Dictionary, now_ms: int) -> void:
	lane.record = _saves.take(now_ms)
	if lane.record != null:
		lane.client.send(HTTPClient.METHOD_POST, PATH, to_json(lane.record.body), now_ms)

func _look(lane: Dictionary, now_ms: int) -> void:
	var answer = lane.client.poll(now_ms)
	if answer == null:
		return
	var record = lane.record
	lane.record = null
	_pause(answer, now_ms)
	if answer.code == 200:
		_saves.acknowledge(record)
		emit_signal("committed", record.body, record.number)
	elif not _saves.failed(record, answer.code, now_ms):
		printerr("zone: the API refuses a save for good (%d): %s" % [
			answer.code, to_json(record.body)])

func _pause(answer: Dictionary, now_ms: int) -> void:
	if not answer.code in AWAY:
		_pause_ms = 0
		return
	_pause_ms = int(clamp(_pause_ms * 2, PAUSE_MIN_MS, PAUSE_MAX_MS))
	_pause_ends = now_ms + int(max(_pause_ms, min(answer.retry_after_s * 1000, PAUSE_MAX_MS)))
