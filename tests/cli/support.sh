# What cases are written with; read by run.sh in the case's own scratch folder.

# show 'COMMAND': the command as typed, its standard output, its standard error after "! ", and its exit code in brackets
# unless it is 0.
show() {
  local code=0
  printf '$ %s\n' "$1"
  (eval "$1") >"$SAID/out" 2>"$SAID/err" </dev/null || code=$?
  cat "$SAID/out"
  sed 's/^/! /' "$SAID/err"
  [ $code -eq 0 ] || echo "[$code]"
}

# The whole catalog as text, and the project's files. One query reads all tables; it is written by another query, once.
dump() {
  [ -s "$SAID/everything" ] || eyenet sql --csv - >"$SAID/everything" <<'END'
WITH t AS (SELECT m.name AS name, group_concat('quote("' || c.name || '")', ' || '','' || ') AS columns
           FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name)
SELECT group_concat('SELECT ''' || name || ''' AS t, ' || columns || ' AS row FROM "' || name || '"', ' UNION ALL ') AS q
FROM t
END
  tail -n +2 "$SAID/everything" | sed -e 's/^"//' -e 's/"$//' -e 's/""/"/g' | eyenet sql --csv - | sort
  find . -type f ! -name 'eyenet.db-*' -printf '%p %s\n' | sort
}

# unchanged 'COMMAND': show, and a word on whether the project is as it was.
unchanged() {
  dump >"$SAID/before"
  show "$1"
  dump >"$SAID/after"
  if diff "$SAID/before" "$SAID/after"; then echo "(the project is as it was)"; else echo "(THE PROJECT CHANGED)"; fi
}

# A project with N patients' labels and no photographs.
labelled_project() {
  eyenet init . >/dev/null
  {
    echo image,level
    for patient in $(seq 1 "$1"); do
      echo "${patient}_left,$((patient % 5))"
      echo "${patient}_right,$((patient % 3))"
    done
  } >labels.csv
  eyenet label import labels.csv --unknown add >/dev/null
}

# A copy of the project that fixture.sh made, in ./project, beside the eyes and the network; the case goes on inside it.
eyes_project() {
  [ -d "${EYES:-}/project" ] || { echo "no photographs: EYES names no folder of fixture.sh"; exit 77; }
  cp -r "$EYES/project" "$EYES/eyes" "$EYES/tiny.net" .
  cd project || exit 1
}
