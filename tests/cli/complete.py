#!/usr/bin/env python3
"""What an interactive bash makes of lines with a TAB in them.

    complete.py FILE <LINES     FILE: what the shell reads first

Each line of standard input is typed into a bash on a terminal; of its end "<TAB>" and "<ALL>" are the keys that complete
the word and that insert all there is to choose from. What then stands on the line is printed."""
import os
import pty
import select
import sys
import tempfile
import time

LAST_KEY = b"\x07"  # of a line: prints it, and begins the next
KEYS = {"<TAB>": b"\t", "<ALL>": b"\x1b*"}
PATIENCE = 20  # seconds for one line

SETTINGS = """
. '%s'
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
_said() { printf '%%s\\n' "$READLINE_LINE" >>'%s'; READLINE_LINE=; READLINE_POINT=0; }
bind -x '"\\C-g": _said'
: >'%s'
"""


def wait(terminal, path, lines):
    """Reads what the shell echoes until the file has so many lines."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.02)[0]:
            os.read(terminal, 65536)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as said:
                have = said.read().splitlines()
            if len(have) >= lines:
                return have
    sys.exit("complete.py: bash says nothing")


def main():
    with tempfile.TemporaryDirectory() as folder:
        settings, said = os.path.join(folder, "settings"), os.path.join(folder, "said")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(SETTINGS % (os.path.abspath(sys.argv[1]), said, said))
        child, terminal = pty.fork()
        if child == 0:
            os.execvp("bash", ["bash", "--noprofile", "--rcfile", settings, "-i"])
        wait(terminal, said, 0)
        lines = sys.stdin.read().splitlines()
        for i, line in enumerate(lines):
            keys = line.encode()
            for name, key in KEYS.items():
                keys = keys.replace(name.encode(), key)
            os.write(terminal, keys + LAST_KEY)
            print(f"{line} -> {wait(terminal, said, i + 1)[i]}|")
        os.close(terminal)
        os.waitpid(child, 0)


main()
