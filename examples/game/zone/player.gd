extends Reference
# One player in the zone: where it is, what it may do. The client proposes, the zone decides.

const SPEED_MAX = 10.0
# Packets come in bursts: what was not walked in this time may be walked at once.
const BURST_S = 1.0
const WORLD_HALF = 1000.0
const UNITS_PER_POINT = 10.0
# A client cannot make the zone save more often than this.
const SAVE_MIN_MS = 500
const AUTOSAVE_MS = 30000

var character
var name = ""
var x = 0.0
var y = 0.0
var _score = 0.0
var _seq = 0
var _allowance = SPEED_MAX * BURST_S
var _moved_ms = 0
var _saved_ms = 0
var _changed = true
# The client numbers the saves that it asks for; the newest that it asked for, and that was made.
var _asked = 0
var _made = 0

func _init(claims: Dictionary, now_ms: int):
	character = claims.character
	name = claims.name
	go_on_from(claims)
	_moved_ms = now_ms
	_saved_ms = now_ms

# From the last save: the ticket's, or one that still waits here and is newer.
func go_on_from(save: Dictionary) -> void:
	if save.get("seq", 0) < _seq:
		return
	x = clamp(save.get("x", 0.0), -WORLD_HALF, WORLD_HALF)
	y = clamp(save.get("y", 0.0), -WORLD_HALF, WORLD_HALF)
	_score = max(0.0, float(save.get("score", 0)))
	_seq = int(save.get("seq", 0))

# False when it cannot have come there: it stays where it was.
func move(to_x, to_y, now_ms: int) -> bool:
	_allowance += SPEED_MAX * (now_ms - _moved_ms) / 1000.0
	_allowance = min(_allowance, SPEED_MAX * BURST_S)
	_moved_ms = now_ms
	if not _in_world(to_x) or not _in_world(to_y):
		return false
	var far = Vector2(x, y).distance_to(Vector2(to_x, to_y))
	if far > _allowance:
		return false
	_allowance -= far
	_score += far / UNITS_PER_POINT
	_changed = _changed or far > 0.0
	x = float(to_x)
	y = float(to_y)
	return true

# The client asks for a save. False when its number makes no sense.
func ask(number) -> bool:
	if typeof(number) != TYPE_INT or number <= _asked:
		return false
	_asked = number
	return true

# Is it time to save, by the client's wish or by ours?
func is_due(now_ms: int) -> bool:
	if _asked > _made:
		return now_ms - _saved_ms >= SAVE_MIN_MS or _made == 0
	return _changed and now_ms - _saved_ms >= AUTOSAVE_MS

# Would leaving now lose something?
func has_news() -> bool:
	return _changed or _asked > _made

# What the API shall keep, and the client's number for it. The clock keeps `seq` growing over
# restarts and zones; should it jump back, the last one counts.
func save(zone: String, now_ms: int, clock_ms: int) -> Dictionary:
	_seq = int(max(_seq + 1, clock_ms))
	_made = _asked
	_saved_ms = now_ms
	_changed = false
	var body = {
		"character": character, "seq": _seq, "zone": zone, "x": x, "y": y, "score": int(_score),
	}
	return {"body": body, "number": _made}

# Comparisons with NaN are false, so it is outside.
static func _in_world(value) -> bool:
	return typeof(value) in [TYPE_INT, TYPE_REAL] and value >= -WORLD_HALF and value <= WORLD_HALF
