# A run's report as Markdown and as JSON: the figures of the page, for people and for programs.
eyes_project
eyenet evaluate first --part test -q >/dev/null
show 'eyenet report first --format md -q --csv | head -n 1 | tr , "\n" | tail -n 1'
show 'sed -n "1,/^## The network/p" runs/first/report.md | grep -v uuid'
show 'sed -n "/^## How good/,/^The confusion/p" runs/first/report.md'
show 'eyenet report first --format json -q >/dev/null; sed -n "/\"warnings\"/,/\]/p" runs/first/report.json'
show 'grep -A 6 "\"measures\"" runs/first/report.json'
show 'eyenet report --data --format json -o ../data.json -q >/dev/null; grep -E "^  \"" ../data.json'
show 'eyenet report first --format md -o ../first.md -q >/dev/null; cmp ../first.md runs/first/report.md && echo the same bytes'
show 'eyenet report first --checklist tripod-ai --format md -o ../t.md -q >/dev/null; sed -n "/^## TRIPOD/,/^| 7 /p" ../t.md | sed "s|source: .*/train|source: .../train|"'
show 'eyenet report first --checklist claim -o ../c.html -q >/dev/null; grep -c "<td>to write</td>" ../c.html'
show 'eyenet report first --checklist stard-ai --format md -o ../s.md -q >/dev/null; sed -n "/^## STARD/,/^| item/Ip" ../s.md; grep -E "^. (12|16c|17a|19|2[68]a?|29|30|40b) " ../s.md | sed "s/, of 20[^ ]*\. The/, of TIME. The/"'
show 'eyenet report --data --checklist claim'
show 'eyenet report first --format pdf -q --csv | head -n 1 | tr , "\n" | tail -n 1; head -c 5 runs/first/report.pdf'
show 'eyenet report first --format pdf -o ../first.pdf -q >/dev/null; cmp ../first.pdf runs/first/report.pdf && echo the same bytes'
echo '# mine' >notes.md
unchanged 'eyenet report first --format pdf -o notes.md'
unchanged 'eyenet report first --format md -o notes.md'
unchanged 'eyenet report first --format json -o notes.md'
unchanged 'eyenet report first --format json -o ../first.md'
unchanged 'eyenet report first -o ../first.md'
unchanged 'eyenet report first --format json -o eyenet.db'
unchanged 'eyenet report first --format docx'
# Missed eyes have a heat map beside them; the page stays small.
show 'eyenet report first -o heat.html >/dev/null; grep -o "<img alt=\"Heat map of [^\"]*" heat.html | head -n 2; test $(wc -c <heat.html) -lt 5000000 && echo small'
show 'eyenet runs rm first -q >/dev/null && eyenet runs gc -q >/dev/null; ls runs'
