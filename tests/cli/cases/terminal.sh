# On a terminal: a live line where the terminal can draw one, lines and no control characters where it cannot.
on_terminal() { # COMMAND: what a terminal of 80 columns would be sent, control characters made visible
  script -qec "stty cols 80 rows 24; $1" /dev/null </dev/null | tr -d '\n' | cat -v | sed 's/\^M/\n/g'
}
command -v script >/dev/null || { echo 'no terminal: script(1) is missing'; exit 77; }
draws() { if on_terminal "$1" | grep -q '\^\[\[K'; then echo "$1: drawn anew"; else echo "$1: not drawn anew"; fi; }
colours() { if on_terminal "$1" | grep -q '\^\[\[[0-9]'; then echo "$1: colours"; else echo "$1: no colours"; fi; }
draws 'TERM=xterm eyenet phantom a --patients 1'
draws 'TERM=xterm NO_COLOR=1 eyenet phantom b --patients 1'
draws 'TERM=dumb eyenet phantom c --patients 1'
draws 'env -u TERM eyenet phantom d --patients 1'
colours 'TERM=xterm eyenet version'
colours 'TERM=xterm NO_COLOR=1 eyenet version'
colours 'TERM=dumb eyenet version'
