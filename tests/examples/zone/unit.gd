extends SceneTree
# The zone's parts by themselves: godot3-server --path examples/game/zone -s unit.gd; exit code 1
# where one fails, with a line that says which.

const NOW_S = 1700000000
const KEY = "ticket-key-of-a-test"

var _failed = 0
var _scratch = OS.get_environment("SCRATCH")

func _init():
	for name in [
		"tickets", "moves", "numbers", "order", "collapse", "refusals", "requests", "config",
		"store", "damage",
	]:
		call("_" + name)
	print("%d failed" % _failed)
	quit(1 if _failed else 0)

func _is(what: String, got, wanted) -> void:
	if typeof(got) != typeof(wanted) or got != wanted:
		_failed += 1
		print("FAILED %s: %s instead of %s" % [what, got, wanted])

static func _base64url(raw: PoolByteArray) -> String:
	return Marshalls.raw_to_base64(raw).replace("+", "-").replace("/", "_").rstrip("=")

static func _ticket(changes: Dictionary, key = KEY, algorithm = "HS256") -> String:
	var claims = {"character": 7, "name": "ada", "instance": "forest-1", "exp": NOW_S + 60}
	for name in changes:
		claims[name] = changes[name]
	var head = _base64url(to_json({"alg": algorithm}).to_utf8())
	var message = head + "." + _base64url(to_json(claims).to_utf8())
	var digest = Crypto.new().hmac_digest(
		HashingContext.HASH_SHA256, key.to_utf8(), message.to_ascii())
	return message + "." + _base64url(digest)

func _tickets() -> void:
	var tickets = load("res://tickets.gd").new(KEY, "forest-1")
	var good = tickets.check(_ticket({"x": 1.5, "seq": 12}), NOW_S)
	_is("a good ticket's character", good.claims.character, 7)
	_is("a good ticket's x", good.claims.x, 1.5)
	for row in [
		[_ticket({"exp": NOW_S}), "expired ticket"],
		[_ticket({"instance": "forest-2"}), "ticket of another instance"],
		[_ticket({}, "another key"), "bad ticket"],
		[_ticket({}, KEY, "none"), "bad ticket"],
		[_ticket({"exp": "soon"}), "bad ticket"],
		[_ticket({"x": "left"}), "bad ticket"],
		[_ticket({"character": null}), "bad ticket"],
		[_ticket({}) + "A", "bad ticket"],
		[_ticket({}).replace(".", ","), "bad ticket"],
		["", "bad ticket"], ["..", "bad ticket"], [null, "bad ticket"], [[1], "bad ticket"],
		["A".repeat(100000), "bad ticket"],
	]:
		_is(str(row[0]).left(80), tickets.check(row[0], NOW_S).get("refused"), row[1])

func _player(claims = {}):
	var given = {"character": "c", "name": "ada"}
	for name in claims:
		given[name] = claims[name]
	return load("res://player.gd").new(given, 0)

func _moves() -> void:
	var player = _player()
	_is("a step", player.move(1.0, 0, 100), true)
	_is("a leap", player.move(500.0, 0.0, 200), false)
	_is("stays after a leap", player.x, 1.0)
	_is("a leap after a long rest", player.move(500.0, 0.0, 60000), false)
	_is("what a burst allows", player.move(10.9, 0.0, 61000), true)
	_is("at once again", player.move(20.0, 0.0, 61010), false)
	for odd in [NAN, INF, -INF, null, "1", [1], 1001.0]:
		_is("to %s" % odd, player.move(odd, 0.0, 70000), false)

func _numbers() -> void:
	var player = _player({"seq": 500.0, "score": 3.0, "x": 4.0})
	_is("the first ask", player.ask(1), true)
	for odd in [1, 0, -1, 1.5, "2", null]:
		_is("ask %s" % odd, player.ask(odd), false)
	_is("due", player.is_due(0), true)
	var made = player.save("forest", 0, 400)
	_is("seq when the clock is behind", made.body.seq, 501)
	_is("seq by the clock", player.save("forest", 0, 900).body.seq, 900)
	_is("the client's number", made.number, 1)
	_is("goes on at its score", made.body.score, 3)
	player.ask(2)
	_is("asks again too soon", player.is_due(100), false)
	_is("asks again in time", player.is_due(600), true)

static func _body(character, seq: int) -> Dictionary:
	return {"character": character, "seq": seq, "zone": "z", "x": 0.5, "y": 0.0, "score": 1}

func _order() -> void:
	var saves = load("res://saves.gd").new()
	for seq in [1, 2]:
		saves.add(_body("a", seq), seq)
	saves.add(_body("b", 1), 0)
	var first = saves.take(0)
	_is("first", [first.body.character, first.body.seq], ["a", 1])
	_is("another's, while one is away", saves.take(0).body.character, "b")
	_is("nothing more meanwhile", saves.take(0), null)
	saves.failed(first, 503, 0)
	_is("not at once again", saves.take(0), null)
	var again = saves.take(10000)
	_is("the same again", again.body.seq, 1)
	saves.acknowledge(again)
	_is("the next of the same", saves.take(10000).body.seq, 2)
	_is("all that waits, also what is away", saves.bodies(OS.get_ticks_msec()).size(), 2)

func _collapse() -> void:
	var saves = load("res://saves.gd").new()
	for i in 3000:
		saves.add(_body("c%d" % (i % 600), i), i)
	_is("bounded", saves.count(), 600)
	_is("the newest stays", saves.newest("c599").seq, 2999)
	_is("not full", saves.full(), false)
	for i in 500:
		saves.add(_body("d%d" % i, i), 0)
	_is("full", saves.full(), true)

func _refusals() -> void:
	var saves = load("res://saves.gd").new()
	saves.add(_body("a", 1), 0)
	var kept = 0
	for i in 100:
		var record = saves.take(i * 10000)
		if record != null and saves.failed(record, 401, i * 10000):
			kept += 1
	_is("a wrong key is tried for ever", kept, 100)
	var given_up = saves.failed(saves.take(9999999), 404, 9999999)
	_is("what the API never takes is given up", given_up, false)
	_is("and gone", saves.count(), 0)

func _requests() -> void:
	var Request = load("res://http_request.gd")
	var good = "POST /drain?x HTTP/1.1\r\nContent-Length: 2\r\n\r\n"
	for row in [
		["GET /status HTTP/1.1\r\nHost: x\r\n\r\n", {"method": "GET", "path": "/status"}],
		[good + "{}", {"method": "POST", "path": "/drain"}],
		[good, {}], ["GET /sta", {}], ["", {}],
		["GET /status\r\n\r\n", {"refused": 400}],
		["GET / HTTP/2\r\n\r\n", {"refused": 400}],
		["POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", {"refused": 400}],
		["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", {"refused": 400}],
		["POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", {"refused": 413}],
		["A".repeat(5000), {"refused": 431}],
	]:
		_is(row[0].left(60), to_json(Request.parse(row[0].to_ascii())), to_json(row[1]))
	var odd = PoolByteArray([0, 255, 13, 10, 13, 10])
	_is("no text at all", Request.parse(odd).has("method"), false)

func _config() -> void:
	var good = {
		"ZONE": "forest", "INSTANCE": "forest-1", "PORT": "7000", "STATUS_LISTEN": "127.0.0.1:7000",
		"PUBLIC_ADDRESS": "203.0.113.1", "API_URL": "http://127.0.0.1:8080", "ZONE_KEY": "k",
		"TICKET_KEY": "k", "MAX_PLAYERS": "100", "REGION": "r", "RELEASE": "1.0.0",
		"STATE_DIRECTORY": "/var/lib/zone",
	}
	var Config = load("res://config.gd")
	_is("good", Config.new().take(good), "")
	for row in [
		["ZONE", "a b"], ["INSTANCE", "castle-1"], ["PORT", "70000"], ["PORT", "x"],
		["STATUS_LISTEN", "7000"], ["STATUS_LISTEN", "localhost:1"], ["PUBLIC_ADDRESS", "here"],
		["API_URL", "ftp://x"], ["API_URL", "http://x:99999"], ["MAX_PLAYERS", "0"],
		["RELEASE", "1\""], ["STATE_DIRECTORY", "here"],
	]:
		var bad = good.duplicate()
		bad[row[0]] = row[1]
		_is("%s=%s" % row, Config.new().take(bad).begins_with(row[0] + ": "), true)

func _store() -> void:
	var Store = load("res://save_store.gd")
	var saves = load("res://saves.gd").new()
	saves.add(_body(7, 1763734323123), 1)
	_is("kept", Store.new(_scratch).keep(saves), "")
	var back = Store.new(_scratch).load_all()
	_is("the same back", to_json(back.saves), to_json(saves.bodies(OS.get_ticks_msec())))
	_is("whole numbers stay whole", typeof(back.saves[0].seq), TYPE_INT)
	var young = load("res://saves.gd").new()
	young.add(_body(7, 1), 1, OS.get_ticks_msec())
	_is("a young save waits", Store.new(_scratch + "/none").poll(young, OS.get_ticks_msec()), "")
	_is("and stays due for later", young.changed, true)
	_is("no folder", Store.new("/nowhere").try_out().begins_with("cannot write"), true)
	var again = load("res://saves.gd").new()
	for body in back.saves:
		again.add(body, 0)
	var store = Store.new(_scratch)
	store.load_all()
	_is("a restarted zone looks", store.poll(again, 100), "")
	_is("and keeps what is not acknowledged", Store.new(_scratch).load_all().saves.size(), 1)
	saves.changed = true
	_is("a failure says so", Store.new("/nowhere").keep(saves).begins_with("cannot write"), true)
	_is("and stays due", saves.changed, true)

func _damage() -> void:
	var file = File.new()
	file.open(_scratch + "/saves.json", File.WRITE)
	file.store_string("[{\"character\":")
	file.close()
	_is("damaged", load("res://save_store.gd").new(_scratch).load_all().saves.size(), 0)
	_is("put aside", file.file_exists(_scratch + "/saves.json.unreadable"), true)
