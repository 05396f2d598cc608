extends Reference
# The zone's place in the API's directory of zones: a heartbeat; and whether the zone is ready.

const ApiClient = preload("res://api_client.gd")
# The API forgets a zone after 15 s without one.
const EVERY_MS = 5000
# Until the first contact, and when the API is away.
const AGAIN_MS = 1000

# Listening, and the API has answered once. It stays so: players play on while the API is away.
var ready = false

var _config
var _client
var _status: FuncRef
var _next = 0
var _again = false
var _leaving = false
var _left = false

# `status` tells what stands in a heartbeat.
func _init(config, status: FuncRef):
	_config = config
	_status = status
	_client = ApiClient.new(config.api, config.zone_key)

func poll(now_ms: int) -> void:
	if _client.busy():
		_look(_client.poll(now_ms), now_ms)
	elif _due(now_ms):
		_send(now_ms)

# Something that the directory tells has changed.
func tell_now() -> void:
	_again = true

func leave() -> void:
	_leaving = true
	_again = true

# Has the API taken note that it leaves? Where it never entered, at once.
func has_left() -> bool:
	return _left or _config.candidate or not ready

func _due(now_ms: int) -> bool:
	if _config.candidate and (ready or _leaving):
		return false
	return _again or now_ms >= _next

func _send(now_ms: int) -> void:
	_again = false
	if _config.candidate:
		_client.send(HTTPClient.METHOD_GET, "/ready", "", now_ms)
		return
	var body = _status.call_func()
	# That this arrives is the contact that makes it ready.
	body.ready = not _leaving
	body.address = _config.public_address
	body.port = _config.port
	_client.send(
		HTTPClient.METHOD_PUT, "/internal/zones/" + _config.instance, to_json(body), now_ms)

func _look(answer, now_ms: int) -> void:
	if answer == null:
		return
	var good = answer.code in [200, 204]
	_next = now_ms + (EVERY_MS if good else AGAIN_MS)
	ready = ready or good
	# An answer to what was sent before `leave` says nothing about leaving.
	_left = _left or (good and _leaving and not _again)
