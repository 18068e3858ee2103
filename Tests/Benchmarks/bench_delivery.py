"""Measures delivery, one process a message, and a large state, beside peers on the same machine.

Usage: bench_delivery.py BIN_FOLDER WORK_FOLDER. Peers are Debian's nginx, wrk, syslog-ng (with its http module) and
rt-mailgate (rt5-clients); where one is absent its comparison is left out with a word. GATEHOUSE_BENCH_STORED is the number
of delivered messages in the large state, 5000000 where that is not set; 0 leaves it out. Exit code 1 where a floor is missed.
"""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import large_state

BIN, WORK = sys.argv[1], sys.argv[2]
GATEHOUSE = os.path.join(BIN, "gatehouse")
COUNT = int(os.environ.get("GATEHOUSE_BENCH_MESSAGES", "20000"))
STORED = int(os.environ.get("GATEHOUSE_BENCH_STORED", "5000000"))
missed = []


def report(what, ours, theirs, ratio, floor="", good=True):
    mark = "MISSED" if not good else "ok" if floor else ""
    if not good:
        missed.append(what)
    print(f"{what:46s} ours {ours:>11s}   peer {theirs:>11s}   ratio {ratio:6.2f}   floor {floor or '-':>7s}   {mark}")
    sys.stdout.flush()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mail(number, text="Where is my withdrawal? I have waited since Monday, and nobody answers me."):
    return (
        f"From: Customer {number} <c{number}@example.net>\nTo: support@example.org\nSubject: Question {number}\n"
        f"Message-ID: <b{number}@example.net>\nDate: Fri, 02 Jan 2026 03:04:05 +0000\n\n{text} ({number})\n"
    )


def folder(name):
    path = os.path.join(WORK, name)
    os.makedirs(path, exist_ok=True)
    return path


def configure(base, sources=(), url=None, options=None):
    path = os.path.join(base, "gatehouse.jsonc")
    targets = [{"name": "desk", "preset": "generic-json", "url": url, **(options or {})}] if url else []
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"schema": 1, "state_dir": "state", "sources": list(sources), "targets": targets}, file)
    return path


def timed(words, stdin=subprocess.DEVNULL, codes=(0,)):
    start = time.perf_counter()
    process = subprocess.run(words, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - start
    if process.returncode not in codes:
        sys.exit(f"{words} ended with {process.returncode}: {process.stderr.decode(errors='replace')[:500]}")
    return seconds


class Nginx:
    """Answers 201 with a ticket's number, or `ok` as Request Tracker's mail gateway does."""

    def __init__(self, base):
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.asked = 0
        config = os.path.join(base, "nginx.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                f"""
                daemon off; master_process off; worker_processes 1; pid {base}/nginx.pid; error_log {base}/error.log;
                events {{ worker_connections 1024; }}
                http {{
                    access_log off; keepalive_requests 100000000; client_body_temp_path {base}; proxy_temp_path {base};
                    fastcgi_temp_path {base}; uwsgi_temp_path {base}; scgi_temp_path {base}; client_max_body_size 64m;
                    server {{
                        listen 127.0.0.1:{self.port};
                        location /status {{ stub_status; }}
                        location /REST/ {{ default_type text/plain; return 200 "ok\\nTicket: 1\\n"; }}
                        location / {{ default_type application/json; return 201 '{{"id":"1"}}'; }}
                    }}
                }}
                """
            )
        self.process = subprocess.Popen(["nginx", "-c", config, "-p", base], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.requests()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("nginx does not answer")

    def requests(self):
        """How many requests it has answered, these questions aside."""
        with urllib.request.urlopen(f"{self.origin}/status") as answer:
            numbers = re.findall(r"\d+", answer.read().decode())
        self.asked += 1
        return int(numbers[3]) - self.asked

    def stop(self):
        self.process.terminate()
        self.process.wait()


def raw_rate(server, base):
    """Requests a second that wrk gets out of the server, with a body as long as ours."""
    script = os.path.join(base, "post.lua")
    with open(script, "w", encoding="utf-8") as file:
        file.write('wrk.method = "POST"\nwrk.body = string.rep("x", 1100)\nwrk.headers["Content-Type"] = "application/json"\n')
    words = ["wrk", "-t1", "-c32", "-d3s", "-s", script, f"{server.origin}/tickets"]
    output = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode()
    return float(re.search(r"Requests/sec:\s*([\d.]+)", output).group(1))


def our_rate(server, base):
    """Messages a second from the store to the server, each settled on disk. Start and end of the process count."""
    with open(os.path.join(base, "mails.mbox"), "w", encoding="utf-8") as file:
        for number in range(COUNT):
            file.write(f"From c@example.net Fri Jan  2 03:04:05 2026\n{mail(number)}\n")
    source = {"name": "mail", "type": "mbox", "path": "mails.mbox", "account": "support@example.org"}
    path = configure(base, [source], f"{server.origin}/tickets", {"concurrency": 32})
    timed([GATEHOUSE, "poll", "--config", path])
    lines = os.path.join(base, "lines")
    with open(lines, "wb") as file:
        listing = subprocess.run(
            [GATEHOUSE, "list", "--limit", "1", "--json", "--config", path], stdout=subprocess.PIPE, check=True
        )
        known = json.loads(listing.stdout)["id"]
        show = [GATEHOUSE, "show", "--json", known, "--config", path]
        envelope = subprocess.run(show, stdout=subprocess.PIPE, check=True).stdout.strip()
        for number in range(COUNT):
            file.write(envelope.replace(known.encode(), known[:-8].encode() + b"%08d" % number) + b"\n")
    before = server.requests()
    seconds = timed([GATEHOUSE, "forward", "--config", path])
    assert server.requests() - before == COUNT, "not each message made one request"
    return COUNT / seconds, lines


def syslog_rate(server, base, lines, workers):
    """Lines a second that syslog-ng reads and posts one by one, through its reliable disk buffer."""
    state = folder(f"syslog-{workers}")
    config = os.path.join(state, "syslog-ng.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(
            f"""@version: 3.38
            options {{ stats-freq(0); log-msg-size(65536); }};
            source s {{ file("{lines}" follow-freq(0.1) flags(no-parse) log-fetch-limit(1000) log-iw-size(100000)); }};
            destination d {{ http(url("{server.origin}/tickets") method("POST") headers("Content-Type: application/json")
                body("$MSG") batch-lines(1) workers({workers})
                disk-buffer(reliable(yes) mem-buf-size(16777216) disk-buf-size(268435456) dir("{state}"))); }};
            log {{ source(s); destination(d); flags(flow-control); }};
            """
        )
    before = server.requests()
    files = ["-R", f"{state}/persist", "-p", f"{state}/pid", "-c", f"{state}/control"]
    start = time.perf_counter()
    process = subprocess.Popen(
        ["syslog-ng", "-F", "--no-caps", "-f", config] + files, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        while server.requests() - before < COUNT:
            time.sleep(0.02)
            if process.poll() is not None:
                sys.exit("syslog-ng: " + process.stderr.read().decode(errors="replace")[:1000])
            if time.perf_counter() - start > 120:
                sys.exit(f"syslog-ng: only {server.requests() - before} of {COUNT} lines in two minutes")
        return COUNT / (time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def bench_delivery(server):
    base = folder("delivery")
    ours, lines = our_rate(server, base)
    rate = f"{ours:.0f}/s"
    if shutil.which("syslog-ng"):
        theirs = max(syslog_rate(server, base, lines, workers) for workers in (1, 4))
        report("delivery, durable / syslog-ng, reliable buffer", rate, f"{theirs:.0f}/s", ours / theirs, ">= 1", ours >= theirs)
    else:
        print(f"note: syslog-ng is not here; {rate} delivered stands alone")
    if shutil.which("wrk"):
        theirs = raw_rate(server, base)
        report("delivery, durable / wrk's raw rate", rate, f"{theirs:.0f}/s", ours / theirs, ">= 0.25", ours >= 0.25 * theirs)
    else:
        print("note: wrk is not here; the comparison with the raw rate is left out")
    shutil.rmtree(base)


def write_mails(base, numbers):
    paths = []
    for number in numbers:
        paths.append(os.path.join(base, f"{number}.eml"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(mail(number))
    return paths


def one_by_one(words, paths):
    start = time.perf_counter()
    for path in paths:
        with open(path, "rb") as stdin:
            timed(words, stdin)
    return len(paths) / (time.perf_counter() - start)


def bench_one_process(server):
    base = folder("pipes")
    path = configure(base)
    ours = [GATEHOUSE, "ingest", "--mda", "--config", path]
    one_by_one(ours, write_mails(base, range(5)))
    mine = one_by_one(ours, write_mails(base, range(10, 210)))
    if server and shutil.which("rt-mailgate"):
        gate = ["rt-mailgate", "--queue", "General", "--action", "correspond", "--url", f"{server.origin}/"]
        other = one_by_one(gate, write_mails(base, range(300, 330)))
        report("one process a message / rt-mailgate", f"{mine:.0f}/s", f"{other:.1f}/s", mine / other, ">= 5", mine >= 5 * other)
    else:
        print(f"note: rt-mailgate or nginx is not here; {mine:.0f} messages a second, one process each, stand alone")
    alone, together = [], []
    for turn in range(3):
        first = 1000 * (turn + 1)
        start = time.perf_counter()
        one_by_one(ours, write_mails(base, range(first, first + 100)))
        alone.append(time.perf_counter() - start)
        together.append(parallel(ours, write_mails(base, range(first + 500, first + 600))))
    mine, other = statistics.median(together), statistics.median(alone)
    report("100 pipes at once / one after the other", f"{mine:.2f} s", f"{other:.2f} s", mine / other, "<= 2", mine <= 2 * other)
    status = subprocess.run([GATEHOUSE, "status", "--json", "--config", path], stdout=subprocess.PIPE, check=True)
    stored = json.loads(status.stdout)["inputs_by_state"]["accepted"]
    assert stored == 5 + 200 + 600, f"{stored} of 805 messages are stored"
    shutil.rmtree(base)


def parallel(words, paths):
    start = time.perf_counter()
    processes = []
    for path in paths:
        with open(path, "rb") as stdin:
            processes.append(subprocess.Popen(words, stdin=stdin))
    codes = [process.wait() for process in processes]
    seconds = time.perf_counter() - start
    assert not any(codes), f"pipes at once ended with {sorted(set(codes))}"
    return seconds


def bench_large_state(server):
    """What a poll, a forward and status cost beside millions of delivered messages, and in an empty state."""
    costs = {}
    for name, stored in (("empty", 0), ("large", STORED)):
        base = folder(f"state-{name}")
        for part in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(base, "maildir", part), exist_ok=True)
        source = {"name": "mail", "type": "maildir", "path": "maildir", "account": "support@example.org", "after": "delete"}
        path = configure(base, [source], f"{server.origin}/tickets")
        start = time.perf_counter()
        arrive(base, range(3))
        timed([GATEHOUSE, "run", "--config", path])
        if stored:
            large_state.fill(os.path.join(base, "state", "gatehouse.sqlite3"), stored)
            print(f"a state of {stored} delivered messages, made in {time.perf_counter() - start:.0f} s")
            # The first look after so many changes reads them from the disk.
            timed([GATEHOUSE, "status", "--config", path])
        found = {"poll": [], "forward": [], "status": []}
        for turn in range(11):
            arrive(base, range(100 + 20 * turn, 120 + 20 * turn))
            for word, times in found.items():
                times.append(timed([GATEHOUSE, word, "--config", path]))
        costs[name] = {word: statistics.median(times) for word, times in found.items()}
        shutil.rmtree(base)
    for word, theirs in costs["empty"].items():
        mine = costs["large"][word]
        report(f"{word} of 20 mails beside {STORED} / in an empty state", f"{mine * 1000:.1f} ms", f"{theirs * 1000:.1f} ms",
               mine / theirs, "<= 2", mine <= 2 * theirs)


def arrive(base, numbers):
    for number in numbers:
        with open(os.path.join(base, "maildir", "new", f"{1767000000 + number}.M{number}P1.host"), "w", encoding="utf-8") as file:
            file.write(mail(number))


if __name__ == "__main__":
    nginx = Nginx(folder("nginx")) if shutil.which("nginx") else None
    try:
        if nginx:
            bench_delivery(nginx)
        else:
            print("note: nginx is not here; delivery is not measured")
        bench_one_process(nginx)
        if nginx and STORED:
            bench_large_state(nginx)
    finally:
        if nginx:
            nginx.stop()
    if missed:
        sys.exit("missed: " + ", ".join(missed))
