# Sourced by packages.sh and quickstart.sh: a long command runs with its output in a log, and one line says how far it is.
#   watched LOG WHAT COMMAND...   on a terminal one line that is updated: WHAT, percent, seconds, the current step;
#                                 elsewhere a line at the start, one every PROGRESS_EVERY seconds (10), and one at the end.
# When the command fails, the end of the log, the command and the path of the log are shown, and its exit code is returned.

# Prints "PERCENT STEP" for the last line of the log that says how far the command is; PERCENT is '-' when unknown.
progress_of() { # LOG
  tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | awk '
    match($0, /^\[[0-9]+\/[0-9]+\]/) { # ninja: [12/345] Building C object ...
      split(substr($0, 2, RLENGTH - 2), of, "/"); p = of[2] ? int(100 * of[1] / of[2]) : 0
      s = substr($0, RLENGTH + 2); next }
    match($0, /^\[ *[0-9]+%\]/) { # make: [ 12%] Building C object ...
      p = substr($0, 2, RLENGTH - 3) + 0; s = substr($0, RLENGTH + 2); next }
    /^(dl|pm)status:/ { # apt-get with APT::Status-Fd: kind:package:percent:text
      n = split($0, f, ":"); at = 0
      for (i = 3; i < n; i++) { if (f[i] ~ /^[0-9]+\.[0-9]+$/) { at = i; break } }
      if (!at) { next }
      p = int(f[at]); s = f[at + 1]; for (i = at + 2; i <= n; i++) { s = s ":" f[i] }
      next }
    /^-- / { s = substr($0, 4) } # cmake, configuring
    END {
      if (s ~ /^Building C(XX)? object /) { sub(/^.*\//, "", s); sub(/\.o$/, "", s); s = "compiling " s }
      print (p == "" ? "-" : p), s }'
}

progress_line() { # WHAT LOG SECONDS
  local percent step
  read -r percent step < <(progress_of "$2") || true
  case ${percent:=-} in -) percent= ;; *) percent=" $percent %," ;; esac
  printf '%s:%s %s s%s' "$1" "$percent" "$3" "${step:+, $step}"
}

# Ctrl-C ends the command first, then the script, on a line of its own.
trap 'kill "${ticker:-}" 2>/dev/null || true; echo; echo "Stopped; run it again to go on." >&2; exit 130' INT

# The width of the terminal, 80 where there is none.
columns() {
  local wide
  wide=$({ stty size </dev/tty | cut -d' ' -f2; } 2>/dev/null) || wide=
  [ "${wide:-0}" -gt 0 ] || wide=${COLUMNS:-80}
  echo "$wide"
}

# Repeats the line until it is killed or the script that started it is gone.
progress_ticker() { # WHAT LOG
  local began=$SECONDS line
  while kill -0 $$ 2>/dev/null; do
    if [ -n "$progress_updates" ]; then
      line=$(progress_line "$1" "$2" $((SECONDS - began)))
      printf '\r%s\033[K' "${line:0:$(columns)-1}"
      sleep 0.3 >/dev/null
    else
      sleep "${PROGRESS_EVERY:-10}" >/dev/null # a pipe that is left behind would keep its reader waiting
      progress_line "$1" "$2" $((SECONDS - began))
      echo
    fi
  done
}

watched() { # LOG WHAT COMMAND...
  local log=$1 what=$2 began=$SECONDS ticker rc=0 progress_updates=
  shift 2
  mkdir -p "$(dirname "$log")"
  : >"$log"
  if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then progress_updates=yes; else echo "$what ..."; fi
  progress_ticker "$what" "$log" </dev/null 2>/dev/null &
  ticker=$!
  # The command itself is in the foreground, so Ctrl-C reaches it.
  "$@" >"$log" 2>&1 </dev/null || rc=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [ -z "$progress_updates" ] || printf '\r\033[K'
  if [ "$rc" -eq 0 ]; then
    echo "$what: done in $((SECONDS - began)) s"
    return 0
  fi
  {
    echo "$what: failed after $((SECONDS - began)) s"
    progress_tail "$log" | sed 's/^/    /'
    echo "The command that failed (exit code $rc):"
    printf '   '; printf ' %q' "$@"; echo
    echo "Its whole output: $log"
  } >&2
  return "$rc"
}

# What a reader of a failure wants to see: from the first failed step of ninja, else the last lines; apt's status lines left out.
progress_tail() { # LOG
  if grep -q '^FAILED: ' "$1"; then
    sed -n '/^FAILED: /,$p' "$1" | cut -c 1-400 | head -n 25
  else
    grep -Ev '^(dl|pm)status:' "$1" | tail -n 15
  fi
}
