extends Node
# One player: enters by its ticket, walks, asks for saves, and counts what was acknowledged.

const Entry = preload("res://entry.gd")
const Zone = preload("res://zone.gd")
const MOVES_PER_S = 10
const SPEED = 5.0
const HOME_HALF = 200.0
const JOIN_S = 10.0

var number = 0
var config
var counts
# "waits", "enters", "joins", "plays", "done", or "failed"
var state = "waits"
var position = Vector2()
var entry
var last_seq = 0

var _zone
var _peer
var _aim = Vector2()
var _next_move = 0
var _join_ends = 0
var _asked = 0
var _acknowledged = 0

# Get a ticket. A coroutine: yield for "completed".
func enter():
	state = "enters"
	entry = Entry.new(get_tree(), config, counts)
	var good = yield(entry.enter("%s-%03d" % [config.prefix, number], number), "completed")
	if good:
		_connect_to_zone()
	else:
		counts.http_errors += 1
		fail(entry.trouble)

# Every bot has its own multiplayer, so that one process holds many clients.
func _connect_to_zone() -> void:
	state = "joins"
	_join_ends = OS.get_ticks_msec() + JOIN_S * 1000
	custom_multiplayer = MultiplayerAPI.new()
	custom_multiplayer.set_root_node(self)
	var main = Node.new()
	main.name = "Main"
	_zone = Zone.new()
	_zone.name = "Zone"
	for node in [main, _zone]:
		node.custom_multiplayer = custom_multiplayer
	add_child(main)
	main.add_child(_zone)
	_zone.connect("joined", self, "_joined")
	_zone.connect("saved", self, "_saved")
	_zone.connect("ended", self, "fail")
	custom_multiplayer.connect("connected_to_server", self, "_connected")
	custom_multiplayer.connect("connection_failed", self, "fail", ["no connection"])
	custom_multiplayer.connect("server_disconnected", self, "fail", ["connection lost"])
	_peer = NetworkedMultiplayerENet.new()
	if _peer.create_client(entry.zone.address, int(entry.zone.port)) != OK:
		fail("no UDP client")
	else:
		custom_multiplayer.network_peer = _peer

func _process(_delta: float) -> void:
	if custom_multiplayer == null or not custom_multiplayer.has_network_peer():
		return
	custom_multiplayer.poll()
	var now_ms = OS.get_ticks_msec()
	if state == "joins" and now_ms > _join_ends:
		fail("not joined in time")
	elif state == "plays" and now_ms >= _next_move:
		_next_move = now_ms + 1000 / MOVES_PER_S
		_walk(SPEED / MOVES_PER_S)

# Ask the zone for a save.
func save() -> void:
	if state == "plays":
		_asked += 1
		counts.saves_sent += 1
		_zone.rpc("save", _asked)

func waits_for_saves() -> bool:
	return state == "plays" and _acknowledged < _asked

func leave() -> void:
	if state == "plays":
		state = "done"
		_hang_up()

func fail(why: String) -> void:
	if state in ["done", "failed"]:
		return
	if state == "plays":
		counts.disconnects += 1
	state = "failed"
	printerr("bots: %s-%03d: %s" % [config.prefix, number, why])
	_hang_up()

# Not at once: this may run inside the very peer's poll.
func _hang_up() -> void:
	if _peer != null:
		_peer.call_deferred("close_connection")
		custom_multiplayer.set_deferred("network_peer", null)

func _connected() -> void:
	_zone.rpc("join", entry.ticket)

func _joined(x, y) -> void:
	state = "plays"
	counts.connected += 1
	position = Vector2(x, y)
	_choose_aim()

func _saved(seq, up_to) -> void:
	last_seq = int(max(last_seq, seq))
	if up_to > _acknowledged:
		counts.saves_acknowledged += up_to - _acknowledged
		_acknowledged = up_to

func _walk(step: float) -> void:
	if position.distance_to(_aim) < step:
		_choose_aim()
	position = position.move_toward(_aim, step)
	_zone.rpc_unreliable("move", position.x, position.y)

func _choose_aim() -> void:
	_aim = Vector2(rand_range(-HOME_HALF, HOME_HALF), rand_range(-HOME_HALF, HOME_HALF))
