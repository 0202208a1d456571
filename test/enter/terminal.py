"""Types at an interactive shell on a terminal of its own and prints what comes out: terminal.py 'SCENARIO AS JSON'.

A scenario is a list of [what to wait for, what to type then]; at most ten seconds for each.
"""
import json
import os
import pty
import select
import sys
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="$ ", PS2="", TERM="dumb", HISTFILE="")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
seen = b""
for wanted, keys in steps:
    since, limit = len(seen), time.monotonic() + 10
    while wanted.encode() not in seen[since:] and time.monotonic() < limit:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 4096)
            except OSError:
                break
    # What is to take the keys has to be in front by then.
    time.sleep(0.3)
    os.write(terminal, keys.encode())
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    seen += part
os.waitpid(pid, 0)
sys.stdout.write(seen.decode())
