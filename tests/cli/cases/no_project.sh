# Outside a project.
show 'eyenet runs'
show 'eyenet sql "SELECT 1"'
show 'eyenet train --subset x'
show 'eyenet -C nowhere runs'
mkdir here
show 'eyenet -C here runs'
echo 'no database' >here/eyenet.db
show 'eyenet -C here runs'
: >here/eyenet.db
show 'eyenet -C here runs'
show 'eyenet doctor --csv | cut -d, -f1-2'
