"""A web server that misbehaves on request, for the tests of downloading.

usage: http_server.py FOLDER REQUEST_LOG [CERTIFICATE]
Prints its port on a line of its own, then serves FOLDER on 127.0.0.1 until its standard input ends, by https when there
is a CERTIFICATE (PEM, with its key). Every request appends a line
"PATH | Range | If-Range | If-None-Match or If-Modified-Since | Authorization" to REQUEST_LOG.

A path is MODE/FILE (FILE may have folders); the modes:
  plain        ranges, strong ETag and Last-Modified, as a good server
  norange      no ranges and no validators
  chunked      no length, no ranges
  dated        ranges and Last-Modified, no ETag
  dropN        closes the connection after N more bytes of every answer; ranges and ETag
  dropnorangeN the same without ranges and validators
  changing     drops after 1000 bytes, and the ETag is another one at every request
  liar         says it has 100 bytes more than it has; ranges and ETag
  badrange     answers a range request with as many bytes from the start, and says so
  status/N     answers N
  failK        answers 503 to the first K requests of this path, then as plain
  waitN        answers 429 with Retry-After: N to the first request of this path, then as plain
  cookie       redirects to itself with a cookie, and is as plain when that comes back
  crumb        the same cookie and a redirect to another name of this machine, which answers 400 to any cookie
  unrangedN    answers 206 to what was not asked for in ranges: 1: all of it, 2: its first half, 3: its second half,
               4: as 1, without saying which
  prepareN     answers 202 with Retry-After: 1 to the first N requests of this path, then as plain
  riddle       answers 202, with a riddle for browsers
  sized        the ETag is of the length alone, that of nginx for files of one second
  taggedN      another ETag in every answer; drops after N bytes if N is not 0
  dateN        the same with the date in N seconds
  portal       drops after 2000 bytes, then answers with a page of HTML, then as plain; ranges and ETag
  told         answers the number in FILE.answer if there is one, else as plain
  always1      as plain, but has something for every name: a page of HTML where there is no such file; always2: a page
               of HTML called a file; always3: a text about the name; always4: the bytes of the first volume
  slow         sends 100 bytes, then nothing
  mute         takes the request and never answers
  trickle      sends 100 bytes every 50 ms
  endless      sends zeros for ever, without a length
  loop         redirects to itself
  hop/N        redirects N times, then to plain/FILE
  literally    redirects to plain/FILE without encoding what is not ASCII or blank in it
  away         redirects to file:///etc/passwd
  downgradeP   redirects to the plain http server at port P
  summed       x-goog-hash with the CRC-32C and MD5 of the file, in two headers
  flipN        the same, but in the first N answers one bit of the body is not the file's
  redated      drops after 1000 bytes; then sends the rest under a later date, whatever If-Range says
  unasked      Content-Encoding: gzip, which nobody asked for
  named        Content-Disposition with the name "sent name.bin", or "7_left.jpeg" when FILE has no dot
  html         a page of HTML, whatever is asked for
  claims       says that it sends ranges, and answers them with all of the file
  shifted      answers a range from 4096 bytes earlier, and says so
  capped       answers a range with at most 1000 bytes of it, and says so
  overlong     answers a range with a byte more than it says
  unnamed      answers a range without the ETag
  versionsN    another version of the file, with another ETag and date, after N answers
  brokenrange  the range that begins at byte 40000 is answered 500
  lanesN       answers 503 while N ranges are being sent; each takes some milliseconds
  rangeflip    the first N ranges have a wrong bit; x-goog-hash
  proxyauth    407, as a proxy that wants a login (and so to CONNECT)
  auth         401 without "Authorization: Basic dXNlcjpzZWNyZXQ=" (user:secret)
"""
import base64
import email.utils
import functools
import hashlib
import http.server
import json
import os
import re
import socketserver
import ssl
import sys
import threading
import time
import urllib.parse

ROOT = os.path.abspath(sys.argv[1])
LOG = open(sys.argv[2], "a", buffering=1)
COUNTS = {}
LOCK = threading.Lock()


@functools.lru_cache(16)
def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def count(key):
    with LOCK:
        COUNTS[key] = COUNTS.get(key, 0) + 1
        return COUNTS[key]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        h = self.headers
        LOG.write("%s | %s | %s | %s | %s\n" % (self.path, h["Range"], h["If-Range"],
                                               h["If-None-Match"] or h["If-Modified-Since"], h["Authorization"]))
        path = re.sub("^http://[^/]*", "", self.path).split("?")[0].lstrip("/")  # as a proxy is asked, too
        if re.search("[^!-~]", self.path):
            return self.status(400)  # what is not encoded
        path = urllib.parse.unquote(path)
        mode, _, rest = path.partition("/")
        match = re.fullmatch(r"([a-z]+)(\d*)", mode)
        name, number = match.group(1), int(match.group(2) or 0)
        getattr(self, "mode_" + name, self.unknown)(rest, number)

    # anything but GET: what was asked, as JSON

    def echo(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path.startswith("/redirect"):
            return self.status(307, Location="/elsewhere")
        answer = json.dumps({"method": self.command, "authorization": self.headers["Authorization"],
                             "type": self.headers["Content-Type"], "accept": self.headers["Accept"],
                             "body": body.decode()}).encode()
        self.send_response(200 if not self.path.startswith("/denied") else 403)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_PUT = do_DELETE = echo

    # the good server, with its parts switched off one by one

    def serve(self, rest, ranges=True, etag=True, date=True, length=True, drop=None, extra=0, tag="", wrong=False,
              headers=(), flip=False, later=0, data=None, age=0, sized=False, shift=0, cap=0, more=0, named=True, slow=0):
        path = os.path.join(ROOT, rest)
        if not os.path.isfile(path):
            return self.status(404)
        if data is None:
            with open(path, "rb") as f:
                data = f.read()
        identity = '"%s%s"' % (tag if sized else hashlib.sha256(data).hexdigest()[:16], len(data) if sized else tag)
        modified = email.utils.formatdate(os.stat(path).st_mtime + later + age, usegmt=True)
        if etag and self.headers["If-None-Match"] == identity:
            return self.status(304)
        if date and not etag and self.headers["If-Modified-Since"] == modified:
            return self.status(304)
        start, total = 0, len(data) + extra
        whole = total
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")
        if ranges and wanted and later or ranges and wanted and self.headers["If-Range"] in (None, identity if etag else None, modified if date else None):
            start = int(wanted.group(1))
            if start >= len(data):
                self.send_response(416)
                self.send_header("Content-Range", "bytes */%d" % len(data))
                self.send_header("Content-Length", "0")
                return self.end_headers()
            self.send_response(206)
            if wanted.group(2):
                total = min(int(wanted.group(2)) + 1, whole)
                data = data[:total]
            if cap:
                total = min(total, start + cap)
                data = data[:total]
            if start >= shift:
                start, total = start - shift, total - shift
                data = data[:total]
            first = 0 if wrong else start
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, first + total - start - 1, whole))
            etag = etag and named
            total += more
        else:
            self.send_response(200)
        if ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "application/octet-stream")
        for key, value in headers:
            self.send_header(key, value)
        if flip:
            data = data[:start] + bytes([data[start] ^ 1]) + data[start + 1:]
        if etag:
            self.send_header("ETag", identity)
        if date:
            self.send_header("Last-Modified", modified)
        if length:
            self.send_header("Content-Length", str(total - start))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = data[:len(data) - start] if wrong else data[start:]
        data += b"x" * (more if wanted and ranges else 0)
        if slow:
            time.sleep(slow)
        if not length:
            for at in range(0, len(data), 700):
                piece = data[at:at + 700]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            return None
        self.wfile.write(data if drop is None else data[:drop])
        if extra or (drop is not None and drop < len(data)):
            self.close_connection = True
        return None

    def status(self, number, **headers):
        body = b"" if number in (204, 304) else b"%d, as asked for\n" % number
        self.send_response(number)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def unknown(self, rest, number):
        self.status(404)

    def mode_plain(self, rest, number):
        self.serve(rest)

    def mode_norange(self, rest, number):
        self.serve(rest, ranges=False, etag=False, date=False)

    def mode_chunked(self, rest, number):
        self.serve(rest, ranges=False, length=False)

    def mode_dated(self, rest, number):
        self.serve(rest, etag=False)

    def mode_drop(self, rest, number):
        self.serve(rest, drop=number)

    def mode_dropnorange(self, rest, number):
        self.serve(rest, ranges=False, etag=False, date=False, drop=number)

    def mode_changing(self, rest, number):
        self.serve(rest, drop=1000 if count(self.path) <= 2 else None, tag=str(count("changing")))

    def mode_liar(self, rest, number):
        self.serve(rest, extra=100)

    def mode_badrange(self, rest, number):
        self.serve(rest, drop=1000 if not self.headers["Range"] and count(self.path) == 1 else None, wrong=True)

    def mode_status(self, rest, number):
        self.status(int(rest.split("/")[0]))

    def mode_fail(self, rest, number):
        self.status(503) if count(self.path) <= number else self.serve(rest)

    def mode_wait(self, rest, number):
        self.status(429, Retry_After=str(number)) if count(self.path) == 1 else self.serve(rest)

    def mode_cookie(self, rest, number):
        if self.headers["Cookie"] == "way=through":
            return self.serve(rest)
        return self.status(302, Location="/cookie/" + rest, Set_Cookie="way=through; Path=/; HttpOnly")

    def mode_crumb(self, rest, number):
        if self.headers["Host"].startswith("127."):
            other = "http://localhost:%d/crumb/%s" % (self.server.server_address[1], rest)
            return self.status(302, Location=other, Set_Cookie="way=through; Path=/")
        return self.status(400) if self.headers["Cookie"] else self.serve(rest)

    def mode_unranged(self, rest, number):
        if self.headers["Range"]:
            return self.serve(rest)
        with open(os.path.join(ROOT, rest), "rb") as f:
            data = f.read()
        half = len(data) // 2
        first, end = {2: (0, half), 3: (half, len(data))}.get(number, (0, len(data)))
        self.send_response(206)
        self.send_header("ETag", '"%s"' % hashlib.sha256(data).hexdigest()[:16])
        if number != 4:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, end - 1, len(data)))
        self.send_header("Content-Length", str(end - first))
        self.end_headers()
        self.wfile.write(data[first:end])

    def mode_prepare(self, rest, number):
        self.status(202, Retry_After="1") if count(self.path) <= number else self.serve(rest)

    def mode_riddle(self, rest, number):
        self.status(202, x_amzn_waf_action="challenge")

    def mode_sized(self, rest, number):
        self.serve(rest, sized=True)

    def mode_tagged(self, rest, number):
        self.serve(rest, drop=number or None, tag=str(count("tagged")))

    def mode_date(self, rest, number):
        date = email.utils.formatdate(time.time() + number, usegmt=True)
        self.status(429, Retry_After=date) if count(self.path) == 1 else self.serve(rest)

    def mode_portal(self, rest, number):
        n = count(self.path)
        self.mode_html(rest, number) if n == 2 else self.serve(rest, drop=2000 if n == 1 else None)

    def mode_told(self, rest, number):
        answer = os.path.join(ROOT, rest + ".answer")
        if not os.path.isfile(answer):
            return self.serve(rest)
        with open(answer) as f:
            return self.status(int(f.read()))

    def mode_always(self, rest, number):
        if os.path.isfile(os.path.join(ROOT, rest)):
            return self.serve(rest)
        if number == 1:
            return self.mode_html(rest, number)
        if number == 4:
            rest = rest[:-3] + "001"
            with open(os.path.join(ROOT, rest), "rb") as f:
                return self.serve(rest, data=f.read())
        body = b"<!DOCTYPE html>\n<title>no</title>\n" if number == 2 else b"there is no %s here\n" % rest.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if number == 2 else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def mode_slow(self, rest, number):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 100)
        self.wfile.flush()
        time.sleep(30)

    def mode_mute(self, rest, number):
        time.sleep(30)

    def mode_trickle(self, rest, number):
        self.send_response(200)
        self.send_header("Content-Length", "100000000")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b"x" * 100)
            self.wfile.flush()
            time.sleep(0.05)

    def mode_endless(self, rest, number):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(bytes(65536))

    def mode_loop(self, rest, number):
        self.status(302, Location=self.path)

    def mode_hop(self, rest, number):
        left, _, name = rest.partition("/")
        self.status(307, Location="/hop/%d/%s" % (int(left) - 1, name) if int(left) > 1 else "/plain/" + name)

    def mode_literally(self, rest, number):
        self.status(302, Location=("/plain/" + rest).encode("utf-8").decode("latin-1"))

    def mode_away(self, rest, number):
        self.status(302, Location="file:///etc/passwd")

    def mode_downgrade(self, rest, number):
        self.status(302, Location="http://127.0.0.1:%d/plain/%s" % (number, rest))

    def sums(self, rest):
        with open(os.path.join(ROOT, rest), "rb") as f:
            data = f.read()
        return [("x-goog-hash", "crc32c=" + base64.b64encode(crc32c(data).to_bytes(4, "big")).decode()),
                ("x-goog-hash", "md5=" + base64.b64encode(hashlib.md5(data).digest()).decode())]

    def mode_summed(self, rest, number):
        self.serve(rest, headers=self.sums(rest))

    def mode_flip(self, rest, number):
        self.serve(rest, headers=self.sums(rest), flip=count(self.path) <= number)

    def mode_redated(self, rest, number):
        first = count(self.path) == 1
        self.serve(rest, etag=False, drop=1000 if first else None, later=0 if first else 86400)

    def mode_unasked(self, rest, number):
        self.serve(rest, headers=[("Content-Encoding", "gzip")])

    def mode_named(self, rest, number):
        name = "a/sent name.bin" if "." in rest else "7_left.jpeg"
        self.serve(rest, headers=[("Content-Disposition", 'attachment; filename="%s"' % name)])

    def mode_html(self, rest, number):
        body = b"<!DOCTYPE html><html><body>Please log in</body></html>\n" * 20
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def mode_claims(self, rest, number):
        if self.headers["Range"]:
            del self.headers["Range"]
        self.serve(rest)

    def mode_shifted(self, rest, number):
        self.serve(rest, shift=4096)

    def mode_capped(self, rest, number):
        self.serve(rest, cap=1000)

    def mode_overlong(self, rest, number):
        self.serve(rest, more=1)

    def mode_unnamed(self, rest, number):
        self.serve(rest, named=False)

    def mode_versions(self, rest, number):
        with open(os.path.join(ROOT, rest), "rb") as f:
            data = f.read()
        other = count(self.path) > number
        self.serve(rest, data=bytes(255 - b for b in data) if other else data, age=86400 if other else 0)

    def mode_brokenrange(self, rest, number):
        at = re.match(r"bytes=40000-", self.headers["Range"] or "")
        self.status(500) if at else self.serve(rest)

    def mode_lanes(self, rest, number):
        if not self.headers["Range"]:
            return self.serve(rest)
        with LOCK:
            COUNTS["lanes"] = COUNTS.get("lanes", 0) + 1
            crowded = COUNTS["lanes"] > number
        try:
            self.status(503) if crowded else self.serve(rest, slow=0.005)
        finally:
            with LOCK:
                COUNTS["lanes"] -= 1

    def mode_rangeflip(self, rest, number):
        flip = self.headers["Range"] is not None and count(self.path) <= number
        self.serve(rest, headers=self.sums(rest), flip=flip)

    def mode_proxyauth(self, rest, number):
        self.status(407, Proxy_Authenticate='Basic realm="proxy"')

    def do_CONNECT(self):
        self.mode_proxyauth(self.path, 0)

    def mode_auth(self, rest, number):
        if self.headers["Authorization"] == "Basic dXNlcjpzZWNyZXQ=":
            self.serve(rest)
        else:
            self.status(401, WWW_Authenticate='Basic realm="photographs"')


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128  # several ranges connect together

    def handle_error(self, request, client_address):
        pass  # clients that hang up are what is being tested


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
