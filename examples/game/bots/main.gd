extends Node
# Lets bots in a few at a time, lets them play, and says in the last line what came of it.

const Config = preload("res://config.gd")
const Counts = preload("res://counts.gd")
const Bot = preload("res://bot.gd")
const Api = preload("res://api.gd")

const FRAMES_PER_S = 60
# Logins cost the API memory and time on purpose, and the edge counts requests.
const ENTERING_MAX = 3
const ENTER_EVERY_S = 0.2
# The API may be restarting: the zone keeps saves and tries again, for so long we wait.
const LAST_SAVES_S = 30.0

var config = Config.new()
var counts = Counts.new()
var bots = []

func _ready() -> void:
	Engine.target_fps = FRAMES_PER_S
	randomize()
	var trouble = config.read()
	if trouble != "":
		printerr("bots: " + trouble)
		get_tree().quit(2)
		return
	_run()

func _run():
	yield(_let_in(), "completed")
	yield(_play(), "completed")
	yield(_wait_for_saves(), "completed")
	for bot in bots:
		bot.leave()
	var on_board = 0
	if counts.connected > 0:
		on_board = yield(_on_leaderboard(), "completed")
	print(to_json(_summary(on_board)))
	get_tree().quit(0 if _all_well() else 1)

func _let_in():
	for number in config.bots:
		var bot = Bot.new()
		bot.number = number + 1
		bot.config = config
		bot.counts = counts
		bots.append(bot)
		add_child(bot)
		while _in_state(["enters"]) >= ENTERING_MAX:
			yield(get_tree(), "idle_frame")
		bot.enter()
		yield(get_tree().create_timer(ENTER_EVERY_S), "timeout")
	while _in_state(["enters", "joins"]) > 0:
		yield(get_tree(), "idle_frame")

# The time counts from when all are in, or have failed.
func _play():
	var now_ms = OS.get_ticks_msec()
	var ends = now_ms + config.seconds * 1000
	var saves_at = []
	# Spread, as players' saves are.
	for _bot in bots:
		saves_at.append(now_ms + randi() % (config.save_every_s * 1000))
	while now_ms < ends and _in_state(["plays"]) > 0:
		for i in bots.size():
			if now_ms >= saves_at[i]:
				saves_at[i] += config.save_every_s * 1000
				bots[i].save()
		yield(get_tree(), "idle_frame")
		now_ms = OS.get_ticks_msec()
	yield(get_tree(), "idle_frame")

func _wait_for_saves():
	for bot in bots:
		bot.save()
	var until = OS.get_ticks_msec() + LAST_SAVES_S * 1000
	while _waiting() > 0 and OS.get_ticks_msec() < until:
		yield(get_tree(), "idle_frame")
	yield(get_tree(), "idle_frame")

# How many of the best ten are ours.
func _on_leaderboard():
	var api = Api.new(get_tree(), config, counts)
	var path = "/v1/leaderboard?limit=10"
	var answer = yield(api.ask(HTTPClient.METHOD_GET, path), "completed")
	api.close()
	if answer.code != 200 or typeof(answer.json) != TYPE_ARRAY:
		counts.http_errors += 1
		return 0
	var found = 0
	for place in answer.json:
		for bot in bots:
			if bot.entry.character == place.get("character"):
				found += 1
	return found

func _summary(on_board: int) -> Dictionary:
	var characters = []
	for bot in bots:
		if bot.entry.character != null:
			characters.append({"id": bot.entry.character, "last_seq": bot.last_seq})
	return {
		"bots": config.bots, "connected": counts.connected, "disconnects": counts.disconnects,
		"saves_sent": counts.saves_sent, "saves_acknowledged": counts.saves_acknowledged,
		"http_errors": counts.http_errors, "http_5xx": counts.http_5xx,
		"http_later": counts.http_later, "snapshots": counts.snapshots,
		"on_leaderboard": on_board, "characters": characters,
	}

func _all_well() -> bool:
	return (
		counts.connected == config.bots and counts.disconnects == 0
		and counts.saves_acknowledged == counts.saves_sent)

func _in_state(states: Array) -> int:
	var found = 0
	for bot in bots:
		found += int(bot.state in states)
	return found

func _waiting() -> int:
	var found = 0
	for bot in bots:
		found += int(bot.waits_for_saves())
	return found
