# Making projects and finding them.
show 'eyenet init dr'
show 'ls dr'
show 'eyenet init dr'
show 'eyenet init -q quiet && eyenet -q init silent && ls quiet silent'
show 'cd dr/photos && eyenet runs'
show 'eyenet -C dr runs'
show 'eyenet runs -C dr --json'
show 'mv dr moved && eyenet -C moved sql "SELECT count(*) AS images FROM images"'
mkdir closed && chmod 500 closed
[ "$(id -u)" -eq 0 ] || eyenet init closed/dr 2>&1 | grep -q 'cannot .*closed/dr.*denied' || echo 'no line about permission'
