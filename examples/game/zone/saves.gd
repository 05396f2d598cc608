extends Reference
# Saves that the API has not acknowledged yet: each character's in order, none ever dropped.

# From so many on, a newer save takes the place of the same character's waiting one.
const LONG = 500
# From so many on, nobody may join: their saves would have no place.
const FULL = 1000
const WAIT_MIN_MS = 500
const WAIT_MAX_MS = 5000
# The API has understood these and will not take the save, ever; said for a while, not for
# a moment: it might be the wrong release.
const REFUSALS = [400, 404, 422]
const REFUSALS_MAX = 20

# character -> {"records": [...], "sent": bool, "tries": int, "not_before": ms}
var _lines = {}
var _count = 0
# Has anything changed since it was last written to disk?
var changed = false
var acknowledged_total = 0
var errors_total = 0

func count() -> int:
	return _count

func full() -> bool:
	return _count >= FULL

# A save as the API wants it; `number` is the client's, 0 for one that it did not ask for;
# `at_ms` when it was made, 0 for one of an earlier run: it is on disk and stays there.
func add(body: Dictionary, number: int, at_ms = 0) -> void:
	var line = _lines.get(body.character)
	if line == null:
		line = {"records": [], "sent": false, "tries": 0, "not_before": 0}
		_lines[body.character] = line
	var waiting = line.records.size() - (1 if line.sent else 0)
	if _count >= LONG and waiting > 0:
		var older = line.records.pop_back()
		number = int(max(number, older.number))
		at_ms = older.at
		_count -= 1
	line.records.append({"body": body, "number": number, "at": at_ms})
	_count += 1
	changed = true

# The newest save of a character that waits, or null.
func newest(character):
	var line = _lines.get(character)
	return line.records.back().body if line != null else null

# The next record to send, which then counts as sent; null when none is due.
func take(now_ms: int):
	for character in _lines:
		var line = _lines[character]
		if not line.sent and line.not_before <= now_ms:
			line.sent = true
			return line.records[0]
	return null

# The API has committed it.
func acknowledge(record: Dictionary) -> void:
	acknowledged_total += 1
	_remove(record.body.character)

# It was not taken: try again later. False when it was given up for good.
func failed(record: Dictionary, code: int, now_ms: int) -> bool:
	errors_total += 1
	var line = _lines[record.body.character]
	line.tries += 1
	if code in REFUSALS and line.tries >= REFUSALS_MAX:
		_remove(record.body.character)
		return false
	line.sent = false
	var doubled = WAIT_MIN_MS << int(min(line.tries - 1, 8))
	var wait = int(min(doubled, WAIT_MAX_MS))
	line.not_before = now_ms + wait / 2 + randi() % (wait / 2)
	return true

# Everything that has waited since then or longer, in order: what is kept on disk.
func bodies(since_ms: int) -> Array:
	var all = []
	for character in _lines:
		for record in _lines[character].records:
			if record.at <= since_ms:
				all.append(record.body)
	return all

func _remove(character) -> void:
	var line = _lines[character]
	line.records.pop_front()
	line.sent = false
	line.tries = 0
	line.not_before = 0
	_count -= 1
	changed = true
	# Last in line again: nobody with many saves stands before the others.
	_lines.erase(character)
	if not line.records.empty():
		_lines[character] = line
