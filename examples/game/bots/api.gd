extends Reference
# Requests to the API, politely: when it asks for patience, the request comes again later.

const Connection = preload("res://connection.gd")
const ANSWER_S = 15.0
const TRIES = 6
const LATER_S = 1.0
const LATER_MAX_S = 10.0

var token = ""

var _tree: SceneTree
var _config
var _counts
var _http = null

func _init(tree: SceneTree, config, counts):
	_tree = tree
	_config = config
	_counts = counts

# {"code", "json"}; code 0 and "trouble" when nobody answered. A coroutine: yield for "completed".
func ask(method: int, path: String, body = null):
	var answer = {}
	for turn in TRIES:
		answer = yield(_once(method, path, body), "completed")
		var wait_s = _patience(answer, turn)
		if wait_s == 0.0:
			break
		yield(_tree.create_timer(wait_s), "timeout")
	return answer

func close() -> void:
	if _http != null:
		_http.close()
	_http = null

# Seconds until the request may come again; 0.0 when its answer stands.
func _patience(answer: Dictionary, turn: int) -> float:
	if answer.get("final", false):
		return 0.0
	if answer.code == 429 or (answer.code == 503 and answer.retry_after_s > 0):
		_counts.http_later += 1
	elif answer.code >= 500:
		_counts.http_5xx += 1
	elif answer.code != 0:
		return 0.0
	# Not all at the same moment again.
	var wait_s = max(LATER_S * (turn + 1), answer.retry_after_s) * rand_range(1.0, 1.5)
	return min(wait_s, LATER_MAX_S)

func _once(method: int, path: String, body):
	yield(_tree, "idle_frame")
	if _http == null or _http.get_status() != HTTPClient.STATUS_CONNECTED:
		var opened = yield(Connection.opened(_tree, _config.api, _config.authority), "completed")
		_http = opened.get("http")
		if _http == null:
			return _nobody(opened.trouble, opened.get("final", false))
	var text = to_json(body) if body != null else ""
	if _http.request(method, path, _headers(), text) != OK:
		close()
		return _nobody("broke off")
	var raw = yield(_answer(), "completed")
	if raw == null:
		close()
		return _nobody("no whole answer")
	var head = _lower(_http.get_response_headers_as_dictionary())
	var answer = {
		"code": _http.get_response_code(), "json": null,
		"retry_after_s": int(head.get("retry-after", "0")),
	}
	# An edge's own pages are no JSON, and the engine complains aloud.
	if head.get("content-type", "").begins_with("application/json"):
		answer.json = JSON.parse(raw.get_string_from_utf8()).result
	return answer

# The body, or null when it did not come whole and in time.
func _answer():
	var raw = PoolByteArray()
	var until = OS.get_ticks_msec() + ANSWER_S * 1000
	var status = HTTPClient.STATUS_REQUESTING
	while status in [HTTPClient.STATUS_REQUESTING, HTTPClient.STATUS_BODY]:
		if OS.get_ticks_msec() > until:
			return null
		yield(_tree, "idle_frame")
		_http.poll()
		status = _http.get_status()
		if status == HTTPClient.STATUS_BODY:
			raw.append_array(_http.read_response_body_chunk())
	return raw if _http.has_response() else null

func _headers() -> PoolStringArray:
	var headers = PoolStringArray([
		"Host: " + _config.api.authority, "Content-Type: application/json",
	])
	if token != "":
		headers.append("Authorization: Bearer " + token)
	return headers

static func _nobody(trouble: String, final = false) -> Dictionary:
	return {"code": 0, "json": null, "retry_after_s": 0, "trouble": trouble, "final": final}

static func _lower(head: Dictionary) -> Dictionary:
	var lower = {}
	for name in head:
		lower[name.to_lower()] = head[name]
	return lower
