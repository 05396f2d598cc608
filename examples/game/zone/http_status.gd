extends Reference
# A small HTTP server for the status contract. Nobody who talks to it, or is silent, stops a tick:
# connections are few, have a deadline, and get so many bytes a tick.

const HttpRequest = preload("res://http_request.gd")
const CONNECTIONS_MAX = 16
const DEADLINE_MS = 5000
# After the answer: what the other side still sends is read, else TCP would take the answer back.
const LINGER_MS = 1000
const BYTES_A_TICK = 8192
const WORDS = {
	200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed",
	413: "Content Too Large", 431: "Request Header Fields Too Large",
}

var _server = TCP_Server.new()
var _answer: FuncRef
# [{"stream", "in", "out", "answered", "until"}]
var _connections = []

# `answer` is called with method and path, and returns [code, body, content type].
func _init(answer: FuncRef):
	_answer = answer

func open(address: String, port: int) -> int:
	return _server.listen(port, address)

func poll(now_ms: int) -> void:
	while _server.is_connection_available():
		_accept(now_ms)
	for connection in _connections.duplicate():
		if now_ms > connection.until or not _serve(connection, now_ms):
			connection.stream.disconnect_from_host()
			_connections.erase(connection)

# Everything that was answered has been read by the other side, or its time is over.
func idle() -> bool:
	return _connections.empty()

func _accept(now_ms: int) -> void:
	if _connections.size() >= CONNECTIONS_MAX:
		_connections.pop_front().stream.disconnect_from_host()
	_connections.append({
		"stream": _server.take_connection(), "in": PoolByteArray(), "out": PoolByteArray(),
		"answered": false, "until": now_ms + DEADLINE_MS,
	})

# False when the connection is over.
func _serve(connection: Dictionary, now_ms: int) -> bool:
	var read = connection.stream.get_partial_data(BYTES_A_TICK)
	if read[0] != OK:
		return false
	if connection.answered:
		return _write(connection, now_ms)
	# An array inside a dictionary would be copied on every change.
	var data = connection["in"]
	data.append_array(read[1])
	connection["in"] = data
	var request = HttpRequest.parse(data)
	if request.empty():
		return true
	connection.answered = true
	connection.out = _reply(request)
	return _write(connection, now_ms)

func _reply(request: Dictionary) -> PoolByteArray:
	var answer = [request.get("refused", 0), "", "text/plain"]
	if answer[0] == 0:
		answer = _answer.call_func(request.method, request.path)
	if answer[0] != 200:
		answer[1] = WORDS[answer[0]] + "\n"
	var body = answer[1].to_utf8()
	var head = "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
	var whole = (head % [answer[0], WORDS[answer[0]], answer[2], body.size()]).to_ascii()
	whole.append_array(body)
	return whole

func _write(connection: Dictionary, now_ms: int) -> bool:
	if connection.out.empty():
		return true
	var written = connection.stream.put_partial_data(connection.out)
	if written[0] != OK:
		return false
	if written[1] == connection.out.size():
		connection.out = PoolByteArray()
		connection.until = now_ms + LINGER_MS
	elif written[1] > 0:
		connection.out = connection.out.subarray(written[1], -1)
	return true
