extends Reference
# An HTTP connection whose certificate is checked against a file that the environment names.
#
# Godot's HTTPClient trusts what the project was built with. StreamPeerSSL takes a certificate
# at run time, so the handshake is made here, and HTTPClient is handed the open stream.
# The engine compares names only, never addresses in a certificate: API_URL needs a name.

const HANDSHAKE_S = 10.0

# {"http": HTTPClient, connected}, {"trouble": why} or that and {"final": true} where trying again
# is of no use. A coroutine: yield for "completed".
static func opened(tree: SceneTree, api: Dictionary, authority):
	yield(tree, "idle_frame")
	var tcp = StreamPeerTCP.new()
	if tcp.connect_to_host(api.address, api.port) != OK:
		return {"trouble": "unreachable"}
	var until = OS.get_ticks_msec() + HANDSHAKE_S * 1000
	while tcp.get_status() == StreamPeerTCP.STATUS_CONNECTING and OS.get_ticks_msec() < until:
		yield(tree, "idle_frame")
	if tcp.get_status() != StreamPeerTCP.STATUS_CONNECTED:
		return {"trouble": "unreachable"}
	if not api.tls:
		return {"http": _given(tcp)}
	var secure = StreamPeerSSL.new()
	secure.blocking_handshake = false
	secure.connect_to_stream(tcp, true, api.host, authority)
	while secure.get_status() == StreamPeerSSL.STATUS_HANDSHAKING and OS.get_ticks_msec() < until:
		secure.poll()
		yield(tree, "idle_frame")
	if secure.get_status() != StreamPeerSSL.STATUS_CONNECTED:
		return {"trouble": "its certificate is not good, or it broke off", "final": true}
	return {"http": _given(secure)}

# HTTPClient takes a secure stream only while it believes in a secure connection of its own:
# one is begun to a port of this machine where nobody listens, and never completed.
static func _given(stream: StreamPeer) -> HTTPClient:
	var http = HTTPClient.new()
	http.connect_to_host("127.0.0.1", 9, stream is StreamPeerSSL, true)
	http.connection = stream
	return http
