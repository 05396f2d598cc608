extends Reference
# One keep-alive connection to the API: one request at a time, polled every tick.
#
# Only for requests that may be sent twice: a connection that the API has closed meanwhile is
# opened again without a word.

# The API itself gives up after 8 s; what takes longer is asked again.
const DEADLINE_MS = 10000
const BODY_MAX = 65536
# So many states of a connection are passed through in one tick, when nothing has to be waited for.
const STEPS = 6

var _place: Dictionary
var _headers: PoolStringArray
var _http = HTTPClient.new()
var _request = null
var _sent = false
var _fresh = false
var _deadline = 0
var _body = PoolByteArray()

func _init(place: Dictionary, key: String):
	_place = place
	_headers = PoolStringArray([
		"Authorization: Bearer " + key, "Content-Type: application/json",
	])

func busy() -> bool:
	return _request != null

func send(method: int, path: String, body: String, now_ms: int) -> void:
	_request = {"method": method, "path": path, "body": body}
	_sent = false
	_body = PoolByteArray()
	_deadline = now_ms + DEADLINE_MS

# null while it waits; then {"code": 200, "retry_after_s": 0}. Code 0: unreachable, or too late.
func poll(now_ms: int):
	if _request == null:
		return null
	if now_ms > _deadline:
		return _end(0)
	for _step in STEPS:
		var answer = _step()
		if answer != null:
			return answer
	return null

func _step():
	_http.poll()
	match _http.get_status():
		HTTPClient.STATUS_DISCONNECTED:
			return _end(_http.get_response_code()) if _answered() else _connect()
		HTTPClient.STATUS_CONNECTED:
			return _end(_http.get_response_code()) if _answered() else _ask()
		HTTPClient.STATUS_BODY:
			return _read()
		HTTPClient.STATUS_RESOLVING, HTTPClient.STATUS_CONNECTING, HTTPClient.STATUS_REQUESTING:
			return null
	return _failed()

func _answered() -> bool:
	return _sent and _http.has_response()

func _connect():
	if _sent:
		return _failed()
	_fresh = true
	if _http.connect_to_host(_place.host, _place.port, _place.tls, true) != OK:
		return _end(0)
	return null

func _ask():
	if _sent:
		return _failed()
	_sent = true
	if _http.request(_request.method, _request.path, _headers, _request.body) != OK:
		return _failed()
	return null

func _read():
	_body.append_array(_http.read_response_body_chunk())
	return _failed() if _body.size() > BODY_MAX else null

# A connection of an earlier request may have been closed: that one is tried anew, once.
func _failed():
	if _fresh:
		return _end(0)
	_http.close()
	_sent = false
	return null

func _end(code: int) -> Dictionary:
	var wait_s = _retry_after() if code != 0 else 0
	if _http.get_status() != HTTPClient.STATUS_CONNECTED or code == 0:
		_http.close()
	_request = null
	_fresh = false
	return {"code": code, "retry_after_s": wait_s}

func _retry_after() -> int:
	var head = _http.get_response_headers_as_dictionary()
	for name in head:
		if name.to_lower() == "retry-after":
			return int(head[name])
	return 0
