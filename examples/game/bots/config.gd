extends Reference
# What the environment says, checked. docs/game.md explains each variable.

const BOTS_MAX = 100
const SECONDS_MAX = 86400

# {"tls", "host", "port", "address", "authority"}: the last as the Host header says it
var api = {}
# X509Certificate that signs the API's, or null: then the system's own are trusted.
var authority = null
var bots = 0
var seconds = 0
var prefix = ""
var save_every_s = 0

# Read the environment. The first thing that is wrong with it in one sentence, or "".
func read() -> String:
	for name in ["API_URL", "BOTS", "SECONDS", "PREFIX", "SAVE_EVERY_S"]:
		if OS.get_environment(name) == "":
			return "%s is not set" % name
	for step in ["_read_api", "_read_authority", "_read_play"]:
		var trouble = call(step)
		if trouble != "":
			return trouble
	return ""

func _read_api() -> String:
	var text = OS.get_environment("API_URL")
	var found = _matched(text, "^(https?)://([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?/?$")
	if found == null:
		return "API_URL: \"%s\" is not http[s]://<host>[:<port>]" % text
	var tls = found.get_string(1) == "https"
	var host = found.get_string(2)
	var port = found.get_string(3)
	var address = OS.get_environment("API_ADDRESS")
	if address == "":
		address = host if host.is_valid_ip_address() else IP.resolve_hostname(host, IP.TYPE_IPV4)
	if not address.is_valid_ip_address():
		return "API_URL: no address is known for %s; API_ADDRESS can name it" % host
	api = {
		"tls": tls, "host": host, "port": int(port) if port != "" else (443 if tls else 80),
		"address": address, "authority": host + (":" + port if port != "" else ""),
	}
	return ""

func _read_authority() -> String:
	var path = OS.get_environment("API_CA")
	if path == "":
		return ""
	authority = X509Certificate.new()
	if authority.load(path) != OK:
		return "API_CA: %s holds no certificate" % path
	return ""

func _read_play() -> String:
	bots = _number("BOTS", BOTS_MAX)
	seconds = _number("SECONDS", SECONDS_MAX)
	save_every_s = _number("SAVE_EVERY_S", SECONDS_MAX)
	prefix = OS.get_environment("PREFIX")
	if bots == 0:
		return "BOTS: \"%s\" is not 1 to %d" % [OS.get_environment("BOTS"), BOTS_MAX]
	if seconds == 0 or save_every_s == 0:
		return "SECONDS and SAVE_EVERY_S must be 1 to %d" % SECONDS_MAX
	# Names of players have 3 to 24 characters; ours end in a dash and three digits.
	if _matched(prefix, "^[A-Za-z0-9_-]{1,20}$") == null:
		return "PREFIX: \"%s\" is not 1 to 20 letters, digits, _ or -" % prefix
	return ""

# 1 to most, or 0 when it is not that.
static func _number(name: String, most: int) -> int:
	var text = OS.get_environment(name)
	if _matched(text, "^[0-9]{1,6}$") == null or int(text) > most:
		return 0
	return int(text)

static func _matched(text: String, pattern: String) -> RegExMatch:
	var form = RegEx.new()
	form.compile(pattern)
	return form.search(text)
