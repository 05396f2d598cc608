extends Reference
# Unacknowledged saves on disk, so that a zone that was killed sends them when it is back.
#
# A new file takes the old one's place in one rename. The engine cannot fsync: after a power
# loss the last second may be missing; what the API acknowledged is safe there.

const NAME = "saves.json"
# A save that the API takes within this time never touches the disk: replacing a file may block
# for as long as the disk is busy, and the tick with it.
const EVERY_MS = 500

var _path: String
var _next = 0
var _empty = true

func _init(directory: String):
	_path = directory.plus_file(NAME)

# {"saves": [...]}, or {"trouble": why}. A file that nobody can read is put aside, not lost.
func load_all() -> Dictionary:
	var file = File.new()
	if not file.file_exists(_path):
		return {"saves": []}
	var opened = file.open(_path, File.READ)
	if opened != OK:
		return {"trouble": "cannot read %s (error %d)" % [_path, opened]}
	var parsed = JSON.parse(file.get_as_text())
	file.close()
	_empty = false
	if parsed.error == OK and _are_saves(parsed.result):
		return {"saves": _whole(parsed.result)}
	var moved = Directory.new().rename(_path, _path + ".unreadable")
	if moved != OK:
		return {"trouble": "%s is damaged and cannot be put aside (error %d)" % [_path, moved]}
	printerr("zone: %s was damaged: it is now %s.unreadable" % [_path, _path])
	return {"saves": []}

# Write what has changed, when it is time. Seldom: a sentence about what went wrong, else "".
func poll(saves, now_ms: int) -> String:
	if not saves.changed or now_ms < _next:
		return ""
	_next = now_ms + EVERY_MS
	return _keep(saves, int(max(0, now_ms - EVERY_MS)))

# Write all of them now.
func keep(saves) -> String:
	return _keep(saves, OS.get_ticks_msec())

func _keep(saves, since_ms: int) -> String:
	var bodies = saves.bodies(since_ms)
	var trouble = ""
	if not (bodies.empty() and _empty):
		trouble = _write(to_json(bodies))
	if trouble == "":
		_empty = bodies.empty()
		# What is younger has its turn next time.
		saves.changed = bodies.size() < saves.count()
	return trouble

# Can it write there at all?
func try_out() -> String:
	var trouble = _put(_path + ".tmp", "")
	if trouble == "" and Directory.new().remove(_path + ".tmp") != OK:
		return "cannot remove %s.tmp" % _path
	return trouble

func _write(text: String) -> String:
	var trouble = _put(_path + ".tmp", text)
	if trouble != "":
		return trouble
	var moved = Directory.new().rename(_path + ".tmp", _path)
	return "" if moved == OK else "cannot rename %s.tmp (error %d)" % [_path, moved]

static func _put(path: String, text: String) -> String:
	var file = File.new()
	var opened = file.open(path, File.WRITE)
	if opened != OK:
		return "cannot write %s (error %d)" % [path, opened]
	file.store_string(text)
	file.flush()
	var error = file.get_error()
	var whole = file.get_len() == text.to_utf8().size()
	file.close()
	return "" if error == OK and whole else "cannot write all of %s (error %d)" % [path, error]

static func _are_saves(list) -> bool:
	if typeof(list) != TYPE_ARRAY:
		return false
	for body in list:
		if typeof(body) != TYPE_DICTIONARY:
			return false
		if not body.has_all(["character", "seq", "zone", "x", "y", "score"]):
			return false
	return true

# JSON knows only one kind of number.
static func _whole(list: Array) -> Array:
	for body in list:
		for name in ["seq", "score", "character"]:
			if typeof(body[name]) == TYPE_REAL:
				body[name] = int(body[name])
	return list
