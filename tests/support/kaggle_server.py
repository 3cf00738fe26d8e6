"""Kaggle's interface and its storage, for tests; it misbehaves on command.

usage: kaggle_server.py FOLDER REQUEST_LOG
Prints its port on a line of its own, then serves on 127.0.0.1 until its standard input ends. Data are the files below
FOLDER/competitions/NAME and FOLDER/datasets/OWNER/NAME. POST /v1/SERVICE/METHOD is the interface; a download answers 302
to a signed link, /storage/..., which serves ranges with ETag, Last-Modified and x-goog-hash. Every request appends a line
"METHOD PATH | Range | Authorization" to REQUEST_LOG; a secret in a query is part of the path.

Who is let in: "Bearer good-token", "Basic YWxpY2U6Z29vZC1rZXk=" (alice:good-key), "Bearer fresh-N" of a refresh; datasets of
the owner "public" need nobody. Credentials that reach the storage are answered 400 and logged.

FOLDER/behave.json, when there is one, is read anew for every request:
  page N           files on a page, whatever is asked for          empty N      pages without files before the first
  loop true        a page that leads to itself                     summary N    the summary counts N files more
  busy N           the first N calls are answered 503              limit S      the first call is answered 429, Retry-After S
  rules true       403: the rules are not accepted                 garbage true the listing is not JSON
  numbers true     64-bit numbers are texts                        hide NAME    the listing leaves a file out
  short NAME       the listing says a byte less                    refresh N    a refresh is answered N
  link FORM        http-elsewhere, elsewhere, none, file, ok: where links lead to
  ttl S            links expire after S seconds                    refuse N     the first N links are denied (403)
  zipped NAME      the file comes as a zip of itself, NAME.zip     status N     the storage answers N
  storage FORM     ignore (no ranges), shift (4096 bytes early), total (another), date and noetag, gzip, page (HTML),
                   wronghash, nohash, long (a byte more), less (a byte less), loop, away (redirects to localhost),
                   local (redirects to a file), claims (says that it sends ranges, and sends all), weak (ETag),
                   versions (another ETag and byte in every answer), rot (a byte is wrong, and the hash is of that),
                   etags (another ETag in every answer), half and rest (206 with the first and the second half, to
                   what was not asked for in ranges), cookie (redirects to itself until its cookie comes back)
  prepare N        the storage answers 202 with Retry-After: 1, N times
  cap N            at most N bytes of a range                      crowd N      503 beyond N answers at once
  drop N           the storage ends after N bytes of each answer   flip N       the first N answers have a wrong bit
  change N         the ETag is another after N answers, and so is a byte
  tail N           storage answers 500 N times                     wait S       storage answers 429 once, Retry-After S
  slow true        the storage sends some bytes, then none
"""
import base64
import email.utils
import functools
import hashlib
import http.server
import io
import json
import os
import re
import socketserver
import sys
import threading
import time
import urllib.parse
import zipfile

ROOT = os.path.abspath(sys.argv[1])
LOG = open(sys.argv[2], "a", buffering=1)
COUNTS = {}
LOCK = threading.Lock()


def count(key):
    with LOCK:
        COUNTS[key] = COUNTS.get(key, 0) + 1
        return COUNTS[key]


def behaviour():
    try:
        with open(os.path.join(ROOT, "behave.json")) as f:
            text = f.read()
    except OSError:
        text = "{}"
    with LOCK:
        if COUNTS.get("behave") != text:  # counts begin anew with another behaviour
            COUNTS.clear()
            COUNTS["behave"] = text
    return json.loads(text)


TABLE = []
for b in range(256):
    c = b
    for _ in range(8):
        c = (c >> 1) ^ (0x82F63B78 if c & 1 else 0)
    TABLE.append(c)


@functools.lru_cache(16)
def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def files_below(folder):
    found = []
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            found.append((os.path.relpath(path, folder), os.path.getsize(path)))
    return sorted(found)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, body=b"", **headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, status, value, **headers):
        self.send(status, json.dumps(value).encode(), Content_Type="application/json", **headers)

    def note(self):
        LOG.write("%s %s | %s | %s\n" % (self.command, self.path, self.headers["Range"], self.headers["Authorization"]))

    # the interface

    def do_POST(self):
        self.note()
        self.behave = behaviour()
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        method = self.path.rsplit("/", 1)[-1]
        if method == "GenerateAccessToken":
            return self.refresh(request)
        if count("calls") <= self.behave.get("busy", 0):
            return self.json(503, {"code": 503, "message": "try again"})
        if "limit" in self.behave and count("limit") == 1:
            return self.json(429, {"code": 429, "message": "slow down"}, Retry_After=str(self.behave["limit"]))
        who = self.headers["Authorization"]
        known = who in ("Bearer good-token", "Basic YWxpY2U6Z29vZC1rZXk=") or (who or "").startswith("Bearer fresh-")
        if not known and (who is not None or request.get("ownerSlug") != "public"):
            return self.json(401, {"code": 401, "message": "Unauthenticated: " + str(who)})
        if self.behave.get("rules"):
            return self.json(403, {"code": 403, "message": "You must accept this competition's rules"})
        if "ownerSlug" in request:
            folder = "datasets/%s/%s" % (request["ownerSlug"], request["datasetSlug"])
        else:
            folder = "competitions/%s" % request["competitionName"]
        if not os.path.isdir(os.path.join(ROOT, folder)):
            return self.json(404, {"code": 404, "message": "Not found"})
        if method in ("ListDataFiles", "ListDatasetFiles"):
            return self.listing(folder, request)
        if method in ("GetCompetitionDataFilesSummary", "GetDatasetFilesSummary"):
            return self.summary(folder)
        return self.link(folder, request.get("fileName"))

    def refresh(self, request):
        if request.get("refreshToken") != "good-refresh" or self.behave.get("refresh", 200) != 200:
            return self.json(self.behave.get("refresh", 401), {"code": 401, "message": "no " + str(request)})
        self.json(200, {"token": "fresh-%d" % count("fresh"), "expiresIn": 43200, "userName": "alice"})

    def number(self, n):
        return str(n) if self.behave.get("numbers") else n

    def listing(self, folder, request):
        if self.behave.get("garbage"):
            return self.send(200, b"<html>", Content_Type="text/html")
        key = "datasetFiles" if folder.startswith("datasets") else "files"
        files = [f for f in files_below(os.path.join(ROOT, folder)) if f[0] != self.behave.get("hide")]
        size, at = self.behave.get("page", request.get("pageSize", 20)), int(request.get("pageToken") or 0)
        empty = self.behave.get("empty", 0)
        if self.behave.get("loop"):
            return self.json(200, {key: [], "nextPageToken": "1"})
        page = files[max(at - empty, 0) * size:][:size] if at >= empty else []
        answer = {key: [{"name": n, "totalBytes": self.number(b - (n == self.behave.get("short")))} for n, b in page]}
        if max(at + 1 - empty, 0) * size < len(files):
            answer["nextPageToken"] = str(at + 1)
        self.json(200, answer)

    def summary(self, folder):
        files = files_below(os.path.join(ROOT, folder))
        if self.behave.get("hide") or self.behave.get("short"):
            return self.json(404, {"code": 404, "message": "no summary"})
        self.json(200, {"fileSummaryInfo": {
            "totalFileCount": self.number(len(files) + self.behave.get("summary", 0)),
            "fileTypes": [{"extension": "", "fileCount": len(files), "totalSize": self.number(sum(b for _, b in files))}]}})

    def link(self, folder, name):
        path = folder + ("/" + name if name else "")
        if name and not os.path.isfile(os.path.join(ROOT, path)):
            return self.json(404, {"code": 404, "message": "No such file"})
        path += ".zip" if not name or name == self.behave.get("zipped") else ""
        form = self.behave.get("link", "ok")
        host = "127.0.0.1:%d" % self.server.server_address[1]
        ends = int(time.time()) + self.behave.get("ttl", 3600)
        where = "http://%s/storage/%s?Expires=%d&Signature=secret-%d" % (host, urllib.parse.quote(path), ends, count("links"))
        if form == "none":
            return self.json(200, {})
        if form == "elsewhere":
            where = where.replace("127.0.0.1", "localhost")
        if form == "file":
            where = "file:///etc/passwd"
        self.send(302, Location=where)

    # the storage

    def content(self, path):
        whole = os.path.join(ROOT, path)
        if os.path.isfile(whole):
            with open(whole, "rb") as f:
                return f.read()
        inside = whole[:-4] if whole.endswith(".zip") else whole
        if not os.path.exists(inside):
            return None
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            for name, _ in files_below(inside) if os.path.isdir(inside) else [(os.path.basename(inside), 0)]:
                source = os.path.join(inside, name) if os.path.isdir(inside) else inside
                with open(source, "rb") as f:
                    z.writestr(zipfile.ZipInfo(name), f.read())
        return out.getvalue()

    def do_GET(self):
        self.note()
        b = self.behave = behaviour()
        form = b.get("storage")
        split = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(split.query)
        if self.headers["Authorization"] is not None:
            return self.send(400, b"credentials do not belong here")
        if count("signed") <= b.get("refuse", 0) or int(query.get("Expires", ["0"])[0]) < time.time():
            return self.send(403, b"<Error><Code>ExpiredToken</Code></Error>")
        if "status" in b:
            return self.send(b["status"], b"an error that belongs in no file")
        if count("tail") <= b.get("tail", 0):
            return self.send(500, b"an error that belongs in no file")
        if "wait" in b and count("wait") == 1:
            return self.send(429, b"slow", Retry_After=str(b["wait"]))
        if "waitdate" in b and count("wait") == 1:
            return self.send(429, b"slow", Retry_After=email.utils.formatdate(time.time() + b["waitdate"], usegmt=True))
        if count("prepare") <= b.get("prepare", 0):
            return self.send(202, b"not yet", Retry_After="1")
        if form == "cookie" and self.headers["Cookie"] != "way=through":
            return self.send(302, Location=self.path, Set_Cookie="way=through; Path=/")
        if form == "loop":
            return self.send(302, Location=self.path)
        if form == "away" and self.headers["Host"].startswith("127."):
            return self.send(302, Location="http://localhost:%d%s" % (self.server.server_address[1], self.path))
        if form == "local":
            return self.send(302, Location="file:///etc/passwd")
        if form == "page":
            return self.send(200, b"<!DOCTYPE html><html>Please log in</html>" * 50, Content_Type="text/html")
        data = self.content(urllib.parse.unquote(split.path)[len("/storage/"):])
        if data is None:
            return self.send(404, b"none such")
        if "crowd" not in b:
            return self.serve(data, form, b)
        with LOCK:
            COUNTS["crowd"] = COUNTS.get("crowd", 0) + 1
            crowded = COUNTS["crowd"] > b["crowd"]
        try:
            time.sleep(0.002)
            self.send(503, b"one by one") if crowded else self.serve(data, form, b)
        finally:
            with LOCK:
                COUNTS["crowd"] -= 1

    def serve(self, data, form, b):
        answers = count("answers")
        changed = "change" in b and answers > b["change"]
        if form == "rot":
            data = data[:9900] + bytes([data[9900] ^ 0x55]) + data[9901:]
        if changed:
            data = data[:9900] + bytes([data[9900] ^ 0x55]) + data[9901:]
        etag = '"%s%s"' % (hashlib.md5(data).hexdigest(), "x" if changed else "")
        if form == "versions":
            data = data[:9000] + bytes([answers % 256]) + data[9001:]
            etag = '"%d"' % answers
        if form == "etags":
            etag = '"%d"' % answers
        if form == "weak":
            etag = "W/" + etag
        hashes = ["crc32c=" + base64.b64encode(crc32c(data).to_bytes(4, "big")).decode(),
                  "md5=" + base64.b64encode(hashlib.md5(data).digest()).decode()]
        if form == "wronghash":
            hashes = ["md5=" + base64.b64encode(bytes(16)).decode()]
        dated = "Wed, 01 Jan 2020 00:00:0%d GMT" % (1 if changed else 0)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")
        start, end, total = 0, len(data), len(data)
        fits = self.headers["If-Range"] in (None, etag, dated) or form == "norange-if"
        if wanted and form not in ("ignore", "claims") and fits:
            start = int(wanted.group(1))
            if start >= total:
                return self.send(416, Content_Range="bytes */%d" % total)
            end = int(wanted.group(2)) + 1 if wanted.group(2) else total
            end = min(end, start + b.get("cap", total))
            shift = min(4096, start) if form == "shift" else 0
            self.send_response(206)
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start - shift, end - 1 - shift,
                                                                  total + (form == "total")))
            start, end = start - shift, end - shift
        elif form in ("half", "rest") and not wanted:
            start, end = (0, total // 2) if form == "half" else (total // 2, total)
            self.send_response(206)
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, end - 1, total))
        else:
            if self.headers["If-None-Match"] == etag:
                return self.send(304, ETag=etag)
            self.send_response(200)
        if form not in ("ignore", "none", "chunked"):
            self.send_header("Accept-Ranges", "bytes")
        body = data[start:end]
        if form == "long" and start == 0:
            body += b"x"
        if form == "less":
            body = body[:-1]
        if answers <= b.get("flip", 0):
            body = body[:len(body) // 2] + bytes([body[len(body) // 2] ^ 4]) + body[len(body) // 2 + 1:]
        if form not in ("date", "none"):
            self.send_header("ETag", etag)
        if form != "none":
            self.send_header("Last-Modified", dated)
        if form not in ("nohash", "none"):
            for value in hashes:
                self.send_header("x-goog-hash", value)
        if form == "gzip":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/octet-stream")
        if form == "chunked":
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sent = body[:b["drop"]] if "drop" in b else body[:100] if b.get("slow") else body
        self.wfile.write(sent)
        self.wfile.flush()
        if b.get("slow"):
            time.sleep(60)
        if len(sent) < len(body):
            self.close_connection = True


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128  # several ranges connect together

    def handle_error(self, request, client_address):
        pass  # clients that hang up are what is being tested


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
