extends Reference
# What the environment says, checked. docs/game.md explains each variable.

const NEEDED = [
	"ZONE", "INSTANCE", "PORT", "STATUS_LISTEN", "PUBLIC_ADDRESS", "API_URL", "ZONE_KEY",
	"TICKET_KEY", "MAX_PLAYERS", "REGION", "RELEASE", "STATE_DIRECTORY",
]
const PORT_MAX = 65535
# A snapshot of all positions goes to every player: above this, ticks grow too long.
const PLAYERS_MAX = 200

var zone = ""
var instance = ""
var port = 0
var status_address = ""
var status_port = 0
var public_address = ""
var api = {}
var zone_key = ""
var ticket_key = ""
var max_players = 0
var region = ""
var release = ""
var candidate = false
var state_directory = ""

# Read the environment. The first thing that is wrong with it in one sentence, or "".
func read() -> String:
	var env = {}
	for name in NEEDED:
		env[name] = OS.get_environment(name)
		if env[name] == "":
			return "%s is not set" % name
	var candidate_said = OS.get_environment("CANDIDATE")
	if not candidate_said in ["", "0", "1"]:
		return "CANDIDATE: \"%s\" is neither 1 nor 0" % candidate_said
	candidate = candidate_said == "1"
	return take(env)

# The same from a dictionary.
func take(env: Dictionary) -> String:
	for check in [_names(env), _numbers(env), _places(env)]:
		if check != "":
			return check
	zone_key = env["ZONE_KEY"]
	ticket_key = env["TICKET_KEY"]
	region = env["REGION"]
	release = env["RELEASE"]
	state_directory = env["STATE_DIRECTORY"]
	return ""

func _names(env: Dictionary) -> String:
	zone = env["ZONE"]
	instance = env["INSTANCE"]
	# They stand in URLs and metrics as they are.
	if not _matches(zone, "^[a-z][a-z0-9-]*$"):
		return "ZONE: \"%s\" is not of a-z, 0-9 and -" % zone
	if not _matches(instance, "^%s-[0-9]+$" % zone):
		return "INSTANCE: \"%s\" is not %s-<number>" % [instance, zone]
	for name in ["REGION", "RELEASE"]:
		if not _matches(env[name], "^[A-Za-z0-9._+-]+$"):
			return "%s: \"%s\" is not of letters, digits and . _ + -" % [name, env[name]]
	return ""

func _numbers(env: Dictionary) -> String:
	port = _number(env["PORT"], PORT_MAX)
	if port == 0:
		return "PORT: \"%s\" is not a port (1 to %d)" % [env["PORT"], PORT_MAX]
	max_players = _number(env["MAX_PLAYERS"], PLAYERS_MAX)
	if max_players == 0:
		return "MAX_PLAYERS: \"%s\" is not 1 to %d" % [env["MAX_PLAYERS"], PLAYERS_MAX]
	return ""

func _places(env: Dictionary) -> String:
	var listen = env["STATUS_LISTEN"].split(":")
	if listen.size() == 2:
		status_address = listen[0]
		status_port = _number(listen[1], PORT_MAX)
	if status_port == 0 or not status_address.is_valid_ip_address():
		return "STATUS_LISTEN: \"%s\" is not <IPv4 address>:<port>" % env["STATUS_LISTEN"]
	public_address = env["PUBLIC_ADDRESS"]
	if not public_address.is_valid_ip_address():
		return "PUBLIC_ADDRESS: \"%s\" is not an IP address" % public_address
	api = _url(env["API_URL"])
	if api.empty():
		return "API_URL: \"%s\" is not http[s]://<host>[:<port>]" % env["API_URL"]
	if not env["STATE_DIRECTORY"].is_abs_path():
		return "STATE_DIRECTORY: \"%s\" is not an absolute path" % env["STATE_DIRECTORY"]
	return ""

static func _url(text: String) -> Dictionary:
	var form = RegEx.new()
	form.compile("^(https?)://([A-Za-z0-9.-]+)(?::([0-9]+))?/?$")
	var found = form.search(text)
	if found == null:
		return {}
	var tls = found.get_string(1) == "https"
	var port_said = found.get_string(3)
	var port_wanted = _number(port_said, PORT_MAX) if port_said != "" else (443 if tls else 80)
	if port_wanted == 0:
		return {}
	return {"tls": tls, "host": found.get_string(2), "port": port_wanted}

# 1 to most, or 0 when it is not that.
static func _number(text: String, most: int) -> int:
	if not _matches(text, "^[0-9]{1,9}$") or int(text) > most:
		return 0
	return int(text)

static func _matches(text: String, pattern: String) -> bool:
	var form = RegEx.new()
	form.compile(pattern)
	return form.search(text) != null
