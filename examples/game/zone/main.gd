extends Node
# The zone server: puts its parts together and gives each its turn, every tick.

const Config = preload("res://config.gd")
const Tickets = preload("res://tickets.gd")
const Saves = preload("res://saves.gd")
const SaveStore = preload("res://save_store.gd")
const SaveSender = preload("res://save_sender.gd")
const Directory_ = preload("res://directory.gd")
const HttpStatus = preload("res://http_status.gd")
const Metrics = preload("res://metrics.gd")
const Closing = preload("res://closing.gd")

const TICKS_PER_S = 20
# Answers are seen a tick later: the last saves of a full zone go five times faster.
const TICKS_PER_S_CLOSING = 100

onready var players = $Zone

var config = Config.new()
var saves = Saves.new()
# null in a candidate: the zone that it was made to replace owns the directory.
var store = null
var sender
var directory
var http
var metrics
var closing
var _trouble_said = ""

func _ready() -> void:
	Engine.target_fps = TICKS_PER_S
	randomize()
	var trouble = config.read()
	for step in ["_prepare", "_load_kept", "_listen"]:
		if trouble == "":
			trouble = call(step)
	if trouble != "":
		printerr("zone: " + trouble)
		set_process(false)
		get_tree().quit(1)
	else:
		print("zone: %s listens on UDP %d" % [config.instance, config.port])

func _prepare() -> String:
	sender = SaveSender.new(saves, config.api, config.zone_key)
	sender.connect("committed", players, "committed")
	directory = Directory_.new(config, funcref(self, "status"))
	http = HttpStatus.new(funcref(self, "answer"))
	metrics = Metrics.new(config)
	if not config.candidate:
		store = SaveStore.new(config.state_directory)
	closing = Closing.new(players, saves, store, directory)
	return ""

func _load_kept() -> String:
	if store == null:
		return ""
	var trouble = store.try_out()
	var kept = store.load_all() if trouble == "" else {}
	if trouble != "" or kept.has("trouble"):
		return "STATE_DIRECTORY: " + kept.get("trouble", trouble)
	for body in kept.saves:
		saves.add(body, 0)
	if not kept.saves.empty():
		print("zone: %d saves of an earlier run wait to be sent" % kept.saves.size())
	return ""

func _listen() -> String:
	var tickets = Tickets.new(config.ticket_key, config.instance)
	if players.open(config, tickets, saves) != OK:
		return "PORT: cannot listen on UDP %d; is it taken?" % config.port
	if http.open(config.status_address, config.status_port) != OK:
		return "STATUS_LISTEN: cannot listen on TCP %s:%d; is it taken?" % [
			config.status_address, config.status_port]
	return ""

func _process(_delta: float) -> void:
	var now_ms = OS.get_ticks_msec()
	players.tick(now_ms)
	sender.poll(now_ms)
	directory.poll(now_ms)
	if store != null:
		_say_once(store.poll(saves, now_ms))
	http.poll(now_ms)
	metrics.tick(now_ms)
	var code = closing.poll(now_ms)
	if code >= 0:
		set_process(false)
		get_tree().quit(code)

# A full disk is said once, not twice a second.
func _say_once(trouble: String) -> void:
	if trouble != _trouble_said and trouble != "":
		printerr("zone: STATE_DIRECTORY: " + trouble)
	_trouble_said = trouble

func is_ready() -> bool:
	return directory.ready and not closing.started

func status() -> Dictionary:
	return {
		"zone": config.zone, "instance": config.instance, "players": players.count(),
		"max": config.max_players, "ready": is_ready(),
		"draining": players.draining(), "version": config.release,
	}

# The status contract.
func answer(method: String, path: String) -> Array:
	match [method, path]:
		["GET", "/status"]:
			return [200, to_json(status()) + "\n", "application/json"]
		["GET", "/metrics"]:
			var text = metrics.text(players, saves, config.max_players, is_ready())
			return [200, text, "text/plain; version=0.0.4"]
		["POST", "/drain"], ["POST", "/undrain"]:
			players.drain(path == "/drain")
			directory.tell_now()
			return [200, to_json(status()) + "\n", "application/json"]
		["POST", "/shutdown"]:
			Engine.target_fps = TICKS_PER_S_CLOSING
			closing.start(OS.get_ticks_msec())
			return [200, to_json(status()) + "\n", "application/json"]
	var known = path in ["/status", "/metrics", "/drain", "/undrain", "/shutdown"]
	return [405 if known else 404, "", "text/plain"]
