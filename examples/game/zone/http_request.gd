extends Reference
# The part of HTTP/1.1 that the status contract needs: a request's first line and its length.

const HEAD_MAX = 4096
const BODY_MAX = 1024

# {} while more must come; {"method", "path"} of a whole request; {"refused": code} of a bad one.
static func parse(data: PoolByteArray) -> Dictionary:
	var text = data.get_string_from_ascii()
	var end = text.find("\r\n\r\n")
	if end < 0:
		return {"refused": 431} if data.size() > HEAD_MAX else {}
	if end > HEAD_MAX:
		return {"refused": 431}
	var lines = text.substr(0, end).split("\r\n")
	var words = lines[0].split(" ")
	if words.size() != 3 or not words[2] in ["HTTP/1.0", "HTTP/1.1"]:
		return {"refused": 400}
	var length = _length(lines)
	if length < 0 or length > BODY_MAX:
		return {"refused": 400 if length < 0 else 413}
	if data.size() < end + 4 + length:
		return {}
	return {"method": words[0], "path": words[1].split("?")[0]}

# Bytes of the body; -1 when that is not said in a way that we understand.
static func _length(lines: PoolStringArray) -> int:
	var length = 0
	for i in range(1, lines.size()):
		var name = lines[i].get_slice(":", 0).to_lower()
		var value = lines[i].substr(name.length() + 1).strip_edges()
		if name == "transfer-encoding":
			return -1
		if name == "content-length":
			if not value.is_valid_integer() or value.length() > 9:
				return -1
			length = int(value)
	return length
