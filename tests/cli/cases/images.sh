# Photographs and rejects as rows, and small on a contact sheet.
eyes_project
show 'eyenet images --sql "grade >= 3" --most 3 --csv | cut -d, -f1-3,5,7'
show 'eyenet rejects --csv | cut -d, -f1-3,5'
show 'eyenet rejects --sheet rejects.png | tail -n 1; head -c 4 rejects.png | tail -c 3; echo'
show 'eyenet rejects --sheet again.png >/dev/null; cmp rejects.png again.png && echo the same bytes'
show 'eyenet images --sheet rejects.png --most 7 >/dev/null; cmp -s rejects.png again.png || echo replaced'
echo notes >notes.txt
unchanged 'eyenet images --sheet notes.txt'
unchanged 'eyenet images --sheet none.png --sql "grade > 9"'
unchanged 'eyenet images --sql "grades > 2"'
unchanged 'eyenet images --sql "1); DELETE FROM image; --"'
unchanged 'eyenet images --most 361'
show 'cat notes.txt'
