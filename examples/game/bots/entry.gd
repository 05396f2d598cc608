extends Reference
# From a name to a ticket: register or log in, character, directory, ticket.

const Api = preload("res://api.gd")

var character = null
# Of the directory: {"instance", "address", "port", ...}
var zone = {}
var ticket = ""
# Why there is no ticket.
var trouble = ""

var _api

func _init(tree: SceneTree, config, counts):
	_api = Api.new(tree, config, counts)

# True with a ticket. `number` spreads bots over the zones. A coroutine: yield for "completed".
func enter(name: String, number: int):
	var good = yield(_log_in(name), "completed")
	if good:
		good = yield(_take_character(name), "completed")
	if good:
		good = yield(_take_ticket(number), "completed")
	_api.close()
	return good

func _log_in(name: String):
	# Bots are nobody's secret: whoever knows a bot's name may play it.
	var body = {"name": name, "password": ("bot " + name).sha256_text()}
	var answer = yield(_api.ask(HTTPClient.METHOD_POST, "/v1/register", body), "completed")
	# The name is taken: it is ours of an earlier run.
	if answer.code == 409 or (answer.code in [200, 201] and not _has(answer, "token")):
		answer = yield(_api.ask(HTTPClient.METHOD_POST, "/v1/login", body), "completed")
	if not _has(answer, "token"):
		return _failed("login", answer)
	_api.token = answer.json.token
	return true

func _take_character(name: String):
	var answer = yield(_api.ask(HTTPClient.METHOD_GET, "/v1/characters"), "completed")
	if typeof(answer.json) == TYPE_ARRAY and not answer.json.empty():
		answer.json = answer.json[0]
	elif answer.code == 200:
		var body = {"name": name}
		answer = yield(_api.ask(HTTPClient.METHOD_POST, "/v1/characters", body), "completed")
	if not _has(answer, "id"):
		return _failed("character", answer)
	var id = answer.json.id
	# JSON knows only one kind of number.
	character = int(id) if typeof(id) == TYPE_REAL else id
	return true

func _take_ticket(number: int):
	var answer = yield(_api.ask(HTTPClient.METHOD_GET, "/v1/zones"), "completed")
	if typeof(answer.json) != TYPE_ARRAY or answer.json.empty():
		return _failed("directory", answer)
	zone = answer.json[number % answer.json.size()]
	var body = {"character": character, "instance": zone.instance}
	answer = yield(_api.ask(HTTPClient.METHOD_POST, "/v1/tickets", body), "completed")
	if not _has(answer, "ticket"):
		return _failed("ticket", answer)
	ticket = answer.json.ticket
	return true

func _failed(step: String, answer: Dictionary) -> bool:
	var said = "answered %d %s" % [answer.code, to_json(answer.json)]
	trouble = "%s: %s" % [step, said if answer.code != 0 else answer.trouble]
	return false

static func _has(answer: Dictionary, key: String) -> bool:
	return typeof(answer.json) == TYPE_DICTIONARY and answer.json.has(key)
