# The doctor of a project: well, and damaged in every way that keeps it from being opened. What is bad is never overlooked.
labelled_project 10
eyenet split main --test 0.3 --val 0.2 >/dev/null
eyenet augment seed >/dev/null
eyenet subset all "SELECT variant_id FROM variants" >/dev/null
mkdir -p deep/er
cp eyenet.db "$SAID/whole.db"

# visit [COLUMNS]: what the doctor finds that is not ok, and how it ends.
visit() {
  show 'eyenet doctor --csv >"$SAID/found"'
  grep -v ^ok "$SAID/found" | cut -d, -f"${1:-1-}"
}
heal() {
  rm -f eyenet.db*
  cp "$SAID/whole.db" eyenet.db
}

visit
echo '-- random bytes'
head -c 50000 /dev/urandom >eyenet.db
visit
show '(cd deep/er && eyenet doctor --csv | grep catalog)'
show 'eyenet -C deep doctor --csv | grep catalog'
show 'eyenet doctor | grep -c "not in a project"'
echo '-- no bytes'
: >eyenet.db
visit
echo '-- pages that were written over'
heal
head -c 400000 /dev/zero | tr '\0' x | dd of=eyenet.db bs=4096 seek=1 conv=notrunc 2>/dev/null
visit 1-2
echo '-- its last pages were written over'
heal
pages=$(($(stat -c %s eyenet.db) / 4096))
head -c 8192 /dev/zero | tr '\0' x | dd of=eyenet.db bs=4096 seek=$((pages - 2)) conv=notrunc 2>/dev/null
show 'eyenet doctor --csv 2>/dev/null | grep -c ^bad,catalog'
show 'eyenet doctor >/dev/null 2>&1'
echo '-- a migration that is not the one in the ledger'
heal
hash=$(eyenet sql --csv "SELECT sha256 FROM schema_migration WHERE version = 2" | tail -1)
LC_ALL=C sed -i "s/$hash/0${hash:1}/" eyenet.db
visit
echo '-- a schema of the future'
heal
printf '\0\0\0\143' | dd of=eyenet.db bs=1 seek=60 conv=notrunc 2>/dev/null
visit
echo '-- healed'
heal
visit
