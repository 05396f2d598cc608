"""What verify asks the edge: short Python programs for a droplet, whose answers have labels."""

# The first line of every answer is a label and what belongs to it.
PRESENTED = """\
import socket, ssl, time
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
with socket.create_connection(("127.0.0.1", 443), 5) as plain:
    with context.wrap_socket(plain, server_hostname="localhost") as connection:
        print("shown", connection.getpeercert(binary_form=True).hex())
print("now", int(time.time()))
"""

# Asked from an address of loopback that nobody else has, so that its count begins at zero and
# nobody else is turned away. What is refused for its path counts too, so no API is bothered.
ANSWERS = """\
import http.client, random, ssl, sys
limit = int(sys.argv[1])
source = ("127.%d.%d.%d" % tuple(random.randint(1, 250) for _ in range(3)), 0)
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
plain = http.client.HTTPConnection("127.0.0.1", 80, timeout=5, source_address=source)
plain.request("GET", "/verify")
answer = plain.getresponse()
print("redirect", answer.status, answer.getheader("location"))
edge = http.client.HTTPSConnection("127.0.0.1", timeout=5, source_address=source, context=context)
def status(path):
    edge.request("GET", path)
    answer = edge.getresponse()
    answer.read()
    return answer.status
asked = ("/internal/zones", "/metrics", "/%69nternal/zones", "/v1//internal/zones")
for path in asked:
    print(path, status(path))
number = len(asked)
while number <= limit + limit // 5:
    number += 1
    last = status("/metrics")
    if last == 429:
        break
print("flood", last, number)
"""
