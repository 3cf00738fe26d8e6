# Where output goes wrong.
eyenet init . >/dev/null
many='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n'
show 'eyenet sql "SELECT 1" >/dev/full'
show 'eyenet sql --json "'"$many"'" >/dev/full'
show 'eyenet help >/dev/full'
show 'eyenet sql "'"$many"'" | head -n 3'
show 'eyenet sql --csv "'"$many"'" | tail -n 1'
# A reader who has gone is no error, however much is left to say; a full disk is one, by its own name.
for command in 'schema --all' 'schema --json' 'help --markdown' 'help --man train' 'completion zsh' "sql --csv '$many'"; do
  show "set -o pipefail; { sleep 0.1; eyenet $command; } | true"
  show "eyenet $command >/dev/full"
done
