extends Reference
# What all bots together have seen: the summary's numbers.

var connected = 0
var disconnects = 0
# Of the positions of everybody: 10 a second and bot, less what UDP loses.
var snapshots = 0
var saves_sent = 0
var saves_acknowledged = 0
# Requests without the answer that was hoped for, after all tries.
var http_errors = 0
# Answers of 500 and above, but for orderly ones that say when to come again.
var http_5xx = 0
# 429, and 503 with Retry-After: the API or its edge asks for patience.
var http_later = 0
