extends Node
# The client's side of the zone's calls, at the same path below its root as on the server.

signal joined(x, y)
signal ended(why)
signal saved(seq, number)

remote func joined(x, y) -> void:
	emit_signal("joined", x, y)

remote func refused(why) -> void:
	emit_signal("ended", "refused: " + why)

remote func closing(why) -> void:
	emit_signal("ended", why)

remote func saved(seq, number) -> void:
	emit_signal("saved", seq, number)

remote func corrected(x, y) -> void:
	get_parent().get_parent().position = Vector2(x, y)

remote func snapshot(_data) -> void:
	get_parent().get_parent().counts.snapshots += 1
