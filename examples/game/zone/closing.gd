extends Reference
# The way out after POST /shutdown: leave the directory, save everybody, tell them, end.

# systemd kills a unit 90 s after it asked it to stop; deploys wait for us, so be quick.
const WAIT_MS = 8000
# So that answers and farewells reach their clients.
const FAREWELL_MS = 300

var started = false

var _players
var _saves
var _store
var _directory
var _deadline = 0
var _farewell = 0

func _init(players, saves, store, directory):
	_players = players
	_saves = saves
	_store = store
	_directory = directory

func start(now_ms: int) -> void:
	if started:
		return
	started = true
	_deadline = now_ms + WAIT_MS
	_players.close("closing")
	_directory.leave()

# -1 until it is over; then what to exit with.
func poll(now_ms: int) -> int:
	if not started:
		return -1
	if _farewell == 0:
		if now_ms > _deadline or (_saves.count() == 0 and _directory.has_left()):
			_players.say_goodbye()
			_farewell = now_ms + FAREWELL_MS
		return -1
	return _end() if now_ms > _farewell else -1

func _end() -> int:
	_players.hang_up()
	if _store == null:
		return 0
	var trouble = _store.keep(_saves)
	if trouble == "":
		print("zone: closed; %d saves are kept for the next start" % _saves.count())
		return 0
	printerr("zone: %d saves are lost: %s" % [_saves.count(), trouble])
	return 1
