extends Node
# The players, over ENet. Clients have a node at the same path; docs/game.md has the calls.
#
# Whatever a client sends is untrusted: types are checked here, values in player.gd.

const Player = preload("res://player.gd")
# Connections that have not joined yet, beside those that have.
const SPARE = 32
const JOIN_MS = 5000
const SNAPSHOT_MS = 100

var joins_total = 0
var refusals_total = 0

var _config
var _tickets
var _saves
var _draining = false
# "" while it is open; else why nobody may join any more.
var _closed = ""
var _players = {}
# peer -> until when it must have joined
var _strangers = {}
var _next_snapshot = 0
var _enet = NetworkedMultiplayerENet.new()

# The error of opening the port.
func open(config, tickets, saves) -> int:
	_config = config
	_tickets = tickets
	_saves = saves
	# Without this, clients may send packets to each other through the server.
	_enet.server_relay = false
	var error = _enet.create_server(config.port, config.max_players + SPARE)
	if error == OK:
		get_tree().network_peer = _enet
		get_tree().connect("network_peer_connected", self, "_connected")
		get_tree().connect("network_peer_disconnected", self, "_disconnected")
	return error

func count() -> int:
	return _players.size()

func draining() -> bool:
	return _draining or _closed != ""

func drain(on: bool) -> void:
	_draining = on

func tick(now_ms: int) -> void:
	for peer in _players:
		if _players[peer].is_due(now_ms):
			_save(peer, now_ms)
	for peer in _strangers.keys():
		if now_ms > _strangers[peer]:
			_refuse(peer, "no ticket in time")
	if now_ms >= _next_snapshot:
		# Counted from the last one: 10 a second, though ticks do not fall on them.
		_next_snapshot = int(max(_next_snapshot + SNAPSHOT_MS, now_ms - SNAPSHOT_MS))
		_send_snapshot(now_ms)

# The end: save everybody, take nobody. What players do from now on does not count.
func close(why: String) -> void:
	_closed = why
	for peer in _players:
		_save(peer, OS.get_ticks_msec())

func say_goodbye() -> void:
	for peer in _players:
		rpc_id(peer, "closing", _closed)

func hang_up() -> void:
	_enet.close_connection(100)

# The API has committed a save; the client may have left.
func committed(body: Dictionary, number: int) -> void:
	var peer = _peer_of(body.character)
	if peer != 0:
		rpc_id(peer, "saved", body.seq, number)

remote func join(ticket) -> void:
	var peer = get_tree().get_rpc_sender_id()
	if not _strangers.has(peer):
		return
	var answer = _tickets.check(ticket, OS.get_unix_time())
	var why = answer.get("refused", _full())
	if why != "":
		_refuse(peer, why)
		return
	_strangers.erase(peer)
	_take_over(answer.claims.character)
	_admit(peer, answer.claims)

remote func move(x, y) -> void:
	var peer = get_tree().get_rpc_sender_id()
	var player = _players.get(peer)
	if _closed != "" or player == null:
		return
	if not player.move(x, y, OS.get_ticks_msec()):
		rpc_unreliable_id(peer, "corrected", player.x, player.y)

remote func save(number) -> void:
	var player = _players.get(get_tree().get_rpc_sender_id())
	if _closed == "" and player != null:
		player.ask(number)

func _full() -> String:
	if _closed != "":
		return _closed
	if _draining:
		return "draining"
	if _players.size() >= _config.max_players:
		return "full"
	return "too many saves wait" if _saves.full() else ""

func _admit(peer: int, claims: Dictionary) -> void:
	var player = Player.new(claims, OS.get_ticks_msec())
	var waiting = _saves.newest(claims.character)
	if waiting != null:
		player.go_on_from(waiting)
	_players[peer] = player
	joins_total += 1
	rpc_id(peer, "joined", player.x, player.y)

# The same character again: the newer connection has it.
func _take_over(character) -> void:
	var older = _peer_of(character)
	if older != 0:
		_save(older, OS.get_ticks_msec())
		_players.erase(older)
		_refuse(older, "joined elsewhere")

func _refuse(peer: int, why: String) -> void:
	refusals_total += 1
	_strangers.erase(peer)
	rpc_id(peer, "refused", why)
	# Later: after what was sent to it.
	_enet.disconnect_peer(peer, false)

func _save(peer: int, now_ms: int) -> void:
	var made = _players[peer].save(_config.zone, now_ms, OS.get_system_time_msecs())
	_saves.add(made.body, made.number, now_ms)

func _peer_of(character) -> int:
	for peer in _players:
		if _players[peer].character == character:
			return peer
	return 0

# The moment, then peer, x and y of everybody: 12 bytes a player.
func _send_snapshot(now_ms: int) -> void:
	if _players.empty():
		return
	var buffer = StreamPeerBuffer.new()
	buffer.put_u32(now_ms)
	for peer in _players:
		buffer.put_u32(peer)
		buffer.put_float(_players[peer].x)
		buffer.put_float(_players[peer].y)
	for peer in _players:
		rpc_unreliable_id(peer, "snapshot", buffer.data_array)

func _connected(peer: int) -> void:
	_strangers[peer] = OS.get_ticks_msec() + JOIN_MS

func _disconnected(peer: int) -> void:
	_strangers.erase(peer)
	if _players.has(peer):
		if _players[peer].has_news():
			_save(peer, OS.get_ticks_msec())
		_players.erase(peer)
