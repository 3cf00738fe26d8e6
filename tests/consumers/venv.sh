# Sourced: `venv NAME PACKAGE...` sets $python to a Python that has these packages of PyPI, in build/venv/NAME, which is
# made once. Offline, or without venv, the test is skipped with a line that says so. EYENET_VENVS names another folder.
venv() {
  local folder=${EYENET_VENVS:-$source/build/venv}/$1
  shift
  python=$folder/bin/python
  mkdir -p "$(dirname "$folder")"
  exec 9>"$folder.lock"
  flock 9
  if [ "$(cat "$folder/packages" 2>/dev/null)" != "$*" ]; then
    rm -rf "$folder"
    if ! python3 -m venv "$folder" >/dev/null 2>&1 || ! "$python" -m pip install -q --disable-pip-version-check "$@" 2>"$folder.log"; then
      echo "SKIPPED: $* could not be installed from PyPI (offline, or without python3-venv)" >&2
      exit 77
    fi
    echo "$*" >"$folder/packages"
  fi
  exec 9>&-
}
