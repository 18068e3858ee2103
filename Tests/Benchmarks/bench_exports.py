"""Measures reading a large Telegram export on one core beside Python's json.load and jq.

Usage: bench_exports.py BIN_FOLDER WORK_FOLDER. The file has GATEHOUSE_BENCH_MB megabytes, 1000 where that is not set; it is
made by make_telegram.py in the form that readers of RFC 8259 take too. Exit code 1 where a floor is missed.
"""

import os
import resource
import shutil
import subprocess
import sys
import time

BIN, WORK = sys.argv[1], sys.argv[2]
HERE = os.path.dirname(os.path.abspath(__file__))
MEGABYTES = int(os.environ.get("GATEHOUSE_BENCH_MB", "1000"))
FLOOR_RATE, FLOOR_MEMORY = 100.0, 64 << 20


def on_one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(words):
    """Wall seconds and peak memory in bytes of a command on one core."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=on_one_core)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{words} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss * 1024


def available_memory():
    with open("/proc/meminfo", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))


path = os.path.join(WORK, "result.json")
subprocess.run([sys.executable, os.path.join(HERE, "make_telegram.py"), str(MEGABYTES), path, "strict"], check=True)
size = os.path.getsize(path)
peers = [("Python json.load", [sys.executable, "-c", "import json,sys; json.load(open(sys.argv[1]))", path])]
if shutil.which("jq"):
    peers.append(("jq", ["jq", "-c", ".messages[] | [.id, .from, .text]", path]))
else:
    print("note: jq is not installed, nothing is compared with it")

# The floor is for what an export becomes unless told otherwise: envelopes without secrets. Reading alone, which is what the
# peers do, and triage, whose cost is measured elsewhere, stand beside it.
ours = [os.path.join(BIN, "gatehouse"), "parse", "--channel", "social_dm", "--format", "telegram-desktop"]
print(f"Telegram export of {size / 1e6:.0f} MB, on one core: messages as envelopes")
rates, peak = {}, 0
for what, options in [
    ("read alone", ["--no-triage", "--no-masking"]), ("without secrets", ["--no-triage"]), ("triaged, too", []),
]:
    taken, memory = run(ours + options + [path])
    rates[what] = size / taken / 1e6
    peak = max(peak, memory)
    print(f"  {what:18s}  {rates[what]:7.1f} MB/s  {memory / 1e6:8.1f} MB of memory")
rate = rates["without secrets"]
for name, words in peers:
    # Both hold the whole document, in eight times its size and more.
    if available_memory() < size * 12:
        print(f"  {name:18s}  skipped: too little memory for the whole document")
        continue
    other, memory = run(words)
    theirs = size / other / 1e6
    print(f"  {name:18s}  {theirs:7.1f} MB/s  {memory / 1e6:8.1f} MB of memory   ratio {rate / theirs:5.2f}")
os.remove(path)
missed = []
if rate < FLOOR_RATE:
    missed.append(f"{rate:.1f} MB/s, floor {FLOOR_RATE:.0f}")
if peak > FLOOR_MEMORY:
    missed.append(f"{peak / 1e6:.1f} MB of memory, floor {FLOOR_MEMORY / 1e6:.1f}")
if missed:
    sys.exit("missed: " + "; ".join(missed))
