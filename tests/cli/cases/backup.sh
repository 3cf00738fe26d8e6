# Backups of a project in a folder.
eyes_project
cd ..
named() { sed -E 's/[0-9]{10}-[0-9a-f]{16}/NAME/g; s/ (created_at| *TIME)/ \1/'; }
echo "# made, made again, listed, verified"
show 'eyenet -C project backup place | grep -v bytes' | named
show 'eyenet -C project backup place | grep new_'
cp eyes/train/1_left.jpeg project/runs/note.jpeg
show 'eyenet -C project backup place | grep new_objects'
show 'eyenet backup --list place --csv | cut -d , -f 1,4,5'
show 'eyenet backup --verify place | grep -v bytes'
show 'eyenet backup --verify place --at 1 | grep backups'
echo "# restored: the newest, another one, never over something"
show 'eyenet restore place there | grep -v bytes' | named
show 'diff -r project/photos there/photos && eyenet -C there doctor --deep | grep -v "^ok\|^note\|^ "'
show 'eyenet restore place there'
show 'eyenet restore place project'
show 'cd there && eyenet restore ../place --at 1 | grep folder && ls project/runs'
show 'eyenet restore place other --at 7'
echo "# damaged"
object=$(find place/objects -type f | sort | head -n 1)
echo x >>"$object"
show 'eyenet backup --verify place --at 3' | sed -E 's/[0-9a-f]{64}/HASH/g; s/objects.[0-9a-f]{2}/objects\/AB/'
show 'eyenet restore place other' | sed -E 's/[0-9a-f]{64}/HASH/g; s/objects.[0-9a-f]{2}/objects\/AB/; s/restore .[^:]*:/restore FILE:/'
ls -d other 2>/dev/null
echo "# other places"
show 'eyenet -C project backup eyes'
show 'eyenet -C project backup project/photos/place'
show 'eyenet backup --list eyes'
show 'eyenet backup --list nowhere'
show 'eyenet restore eyes'
show 'eyenet backup'
show 'eyenet backup place --at 2'
show 'eyenet backup --list --verify place'
show 'eyenet -C project backup s3:///x'
