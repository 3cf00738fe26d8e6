#!/usr/bin/env python3
"""Downloads and extraction beside the usual tools, from nginx on this machine:

    tests/bench/fetch/run.py EYENET [--photographs 35126] [--bytes 150000] [--download 2] [--rounds 3] [--folder DIR]

A set is made of so many files of about that many bytes each, which begin as JPEGs do and do not compress: a zip (deflate), whole
and in five volumes, about 5 GB with these numbers. Needs nginx, curl, aria2c, 7z and bsdtar (Debian: nginx-light, curl, aria2,
p7zip-full, libarchive-tools) and four times the set on the disk.

- Download: the first GiB of the whole zip, in one stream and in eight ranges; the file is synced to the disk at the end, which
  eyenet does by itself, and `sync` after the others.
- Extraction: of the volumes, which are here. eyenet checks each CRC, hashes each photograph (SHA-256), writes its row, and syncs
  every batch; the others only unpack, and `sync` follows.
- The same source again; memory; and 100 photographs of the set on the server.

The programs take turns. Prints seconds (median, and the least and most of the rounds), and the largest memory of the process."""
import argparse
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

parser = argparse.ArgumentParser()
parser.add_argument("eyenet", type=os.path.realpath)
parser.add_argument("--photographs", type=int, default=35126)
parser.add_argument("--bytes", type=int, default=150000)
parser.add_argument("--download", type=float, default=2, help="GiB")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--folder", default=None)
args = parser.parse_args()
MIB = 1 << 20


def make_set(folder):
    """set.zip and set.zip.001 to .005."""
    draw = random.Random(1)
    path = os.path.join(folder, "set.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_file:
        for i in range(args.photographs):
            size = args.bytes // 2 + draw.randrange(args.bytes)
            name = "train/%d_%s.jpeg" % (i // 2 + 1, ("left", "right")[i % 2])
            zip_file.writestr(name, b"\xff\xd8\xff" + draw.randbytes(size - 3))
    total = os.stat(path).st_size
    with open(path, "rb") as whole:
        for number in range(1, 6):
            left = (total + 4) // 5
            with open("%s.%03d" % (path, number), "wb") as volume:
                while left > 0 and (block := whole.read(min(left, 8 * MIB))):
                    volume.write(block)
                    left -= len(block)
    with open(path, "rb") as whole, open(os.path.join(folder, "head.zip"), "wb") as head:
        left = min(total, int(args.download * 1024 * MIB))
        while left > 0 and (block := whole.read(min(left, 8 * MIB))):
            head.write(block)
            left -= len(block)
    return total


def start_nginx(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary = "".join("%s_temp_path %s/temp; " % (what, folder)
                        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(folder + "/nginx.conf", "w") as conf:
        conf.write("%sdaemon off; worker_processes 2; pid %s/pid; error_log %s/error.log; events {}\n"
                   "http { log_format bytes $body_bytes_sent; access_log %s/access.log bytes; sendfile on; %s\n"
                   "server { listen 127.0.0.1:%d; root %s/www; } }\n"
                   % ("user root; " if os.geteuid() == 0 else "", folder, folder, folder, temporary, port, folder))
    server = subprocess.Popen(["nginx", "-e", folder + "/error.log", "-c", folder + "/nginx.conf", "-p", folder])
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, "http://127.0.0.1:%d/" % port
        except OSError:
            time.sleep(0.1)
    sys.exit("nginx did not start")


def largest_memory(pid):
    """KiB so far; 0 when the process has ended."""
    try:
        with open("/proc/%d/status" % pid) as status:
            return max((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), default=0)
    except OSError:
        return 0


def run(command, then_sync=None):
    """Seconds, and the largest memory of the process in MiB."""
    begin = time.monotonic()
    memory = 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        while process.poll() is None:  # ru_maxrss would not be less than this script's own
            memory = max(memory, largest_memory(process.pid))
            time.sleep(0.02)
        if process.returncode != 0:
            said.seek(0)
            sys.exit("%s: %s" % (" ".join(command), said.read().decode(errors="replace")))
    if then_sync is not None:
        subprocess.run(["sync", "-f", then_sync], check=True)
    return time.monotonic() - begin, memory / 1024


def project(name):
    shutil.rmtree(name, ignore_errors=True)
    subprocess.run([args.eyenet, "-q", "init", name], check=True, stdout=subprocess.DEVNULL)
    return [args.eyenet, "-q", "-C", name, "fetch"]


def take_turns(title, amount, contestants):
    """contestants: (name, function that returns what run() does), measured in turn."""
    taken = {name: [] for name, _ in contestants}
    memory = {name: 0 for name, _ in contestants}
    for _ in range(args.rounds):
        for name, function in contestants:
            seconds, mib = function()
            print("%s, %s: %.2f s" % (title, name, seconds), file=sys.stderr, flush=True)
            taken[name].append(seconds)
            memory[name] = max(memory[name], mib)
    own = statistics.median(taken[contestants[0][0]])
    print("\n%s\n\n| program | seconds, median | least | most | MB/s | eyenet is faster by | MiB of memory |\n|---|---|---|---|---|---|---|" % title)
    for name, _ in contestants:
        median = statistics.median(taken[name])
        print("| %s | %.2f | %.2f | %.2f | %.0f | %.2f | %.0f |" % (name, median, min(taken[name]), max(taken[name]),
                                                             amount / median / 1e6, median / own, memory[name]), flush=True)


def download(url, jobs):
    try:
        return run(project("download") + ["--no-extract", "--jobs", str(jobs), url])
    finally:
        shutil.rmtree("download", ignore_errors=True)


def tool(command, output):
    try:
        return run(command, ".")
    finally:
        shutil.rmtree(output, ignore_errors=True) if os.path.isdir(output) else os.path.exists(output) and os.unlink(output)


def bsdtar():
    os.mkdir("out")
    return tool(["sh", "-c", "cat www/set.zip.* | bsdtar -x -C out -f -"], "out")


def sent():
    with open("access.log") as log:
        return sum(int(line) for line in log)


def main(folder):
    os.chdir(folder)
    os.mkdir("www")
    os.mkdir("temp")
    total = make_set("www")
    print("%d photographs, %.2f GB, 5 volumes; downloads of %.2f GB; %d rounds" % (
        args.photographs, total / 1e9, os.stat("www/head.zip").st_size / 1e9, args.rounds), flush=True)
    server, base = start_nginx(folder)
    try:
        url, amount = base + "head.zip", os.stat("www/head.zip").st_size
        take_turns("Download in one stream", amount, [
            ("eyenet --jobs 1", lambda: download(url, 1)),
            ("curl, sync", lambda: tool(["curl", "-sS", "-o", "out.zip", url], "out.zip"))])
        take_turns("Download in 8 ranges", amount, [
            ("eyenet", lambda: download(url, 8)),
            ("aria2c -x 8 -s 8 -k 1M, sync", lambda: tool(["aria2c", "-q", "-x", "8", "-s", "8", "-k", "1M",
                                                          "--file-allocation=falloc", "-o", "out.zip", url], "out.zip"))])
        os.unlink("www/head.zip")
        take_turns("Extraction of five volumes", total, [
            ("eyenet", lambda: run(project("set") + ["www/set.zip.001"])),
            ("7z x, sync", lambda: tool(["7z", "x", "-y", "-oout", "www/set.zip.001"], "out")),
            ("cat, bsdtar -x, sync", bsdtar)])
        take_turns("The same source again, all of it there", total, [
            ("eyenet", lambda: run([args.eyenet, "-q", "-C", "set", "fetch", "www/set.zip.001"]))])
        shutil.rmtree("set")
        open("access.log", "w").close()
        _, mib = run(project("some") + ["--head", "100", base + "set.zip.001"])
        got = sum(os.stat(os.path.join(at, name)).st_size for at, _, names in os.walk("some/photos") for name in names)
        print("\n100 photographs of %d bytes of the volumes on the server: %d bytes came, %.3f times that" % (got, sent(), sent() / got))
        shutil.rmtree("some")
        seconds, mib = run(project("all") + [base + "set.zip.001"])
        print("all of it from the server, downloaded and unpacked: %.1f s, %.0f MiB of memory" % (seconds, mib))
        open("access.log", "w").close()
        seconds, mib = run([args.eyenet, "-q", "-C", "all", "fetch", base + "set.zip.001"])
        print("the same again: %.2f s, %.0f MiB of memory, %d bytes came" % (seconds, mib, sent()))
    finally:
        server.terminate()
        server.wait()


with tempfile.TemporaryDirectory(dir=args.folder) as scratch:
    main(scratch)
