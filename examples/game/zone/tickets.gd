extends Reference
# Tickets: JSON Web Tokens by HS256, given by the API, checked here without asking it.

const LENGTH_MAX = 2048

var _key: PoolByteArray
var _instance: String
var _crypto = Crypto.new()

func _init(key: String, instance: String):
	_key = key.to_utf8()
	_instance = instance

# {"claims": {...}} of a good ticket, {"refused": why} of any other.
func check(ticket, now_s: int) -> Dictionary:
	if typeof(ticket) != TYPE_STRING or ticket.length() > LENGTH_MAX:
		return {"refused": "bad ticket"}
	var parts = ticket.split(".")
	if parts.size() != 3 or not _signed(parts):
		return {"refused": "bad ticket"}
	var claims = _json(parts[1])
	if not _well_formed(claims):
		return {"refused": "bad ticket"}
	if claims["exp"] <= now_s:
		return {"refused": "expired ticket"}
	if claims["instance"] != _instance:
		return {"refused": "ticket of another instance"}
	claims["character"] = _id(claims["character"])
	return {"claims": claims}

# The signature first: nothing is parsed that a stranger has written.
func _signed(parts: PoolStringArray) -> bool:
	var message = (parts[0] + "." + parts[1]).to_ascii()
	var wanted = _crypto.hmac_digest(HashingContext.HASH_SHA256, _key, message)
	var given = _raw(parts[2])
	if given.size() != wanted.size() or not _crypto.constant_time_compare(wanted, given):
		return false
	# Only this algorithm: "none" and asymmetric ones are the known ways around a signature.
	var header = _json(parts[0])
	return typeof(header) == TYPE_DICTIONARY and header.get("alg") == "HS256"

static func _well_formed(claims) -> bool:
	if typeof(claims) != TYPE_DICTIONARY:
		return false
	if not typeof(claims.get("character")) in [TYPE_STRING, TYPE_REAL]:
		return false
	for name in ["name", "instance"]:
		if typeof(claims.get(name)) != TYPE_STRING:
			return false
	for name in ["x", "y", "score", "seq"]:
		if typeof(claims.get(name, 0.0)) != TYPE_REAL:
			return false
	return typeof(claims.get("exp")) == TYPE_REAL

# JSON knows only one kind of number; a character's id goes back to the API as it came.
static func _id(id):
	return int(id) if typeof(id) == TYPE_REAL else id

static func _json(part: String):
	var parsed = JSON.parse(_raw(part).get_string_from_utf8())
	return parsed.result if parsed.error == OK else null

# Base64url without padding; empty when it is not that.
static func _raw(part: String) -> PoolByteArray:
	var form = RegEx.new()
	form.compile("^[A-Za-z0-9_-]+$")
	if form.search(part) == null or part.length() % 4 == 1:
		return PoolByteArray()
	var text = part.replace("-", "+").replace("_", "/")
	return Marshalls.base64_to_raw(text + "=".repeat((4 - text.length() % 4) % 4))
