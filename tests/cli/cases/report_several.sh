# Several runs in one report: side by side, paired differences, and what they were made with otherwise.
eyes_project
{
  eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --seed 7 --name second -q
  eyenet train --subset small --model ../tiny.net --target grade --epochs 1 --name graded -q
  for run in first second graded; do eyenet evaluate $run --part test -q; done
} >/dev/null 2>&1
show 'eyenet report first second graded'
show 'eyenet report first second graded --format md -q --csv; grep -vE "program|uuid|[0-9a-f]{64}" compared.md'
show 'head -n 1 compared.html'
show 'cp compared.md ../once.md; eyenet report first second graded --format md -q >/dev/null; cmp compared.md ../once.md && echo the same bytes'
unchanged 'eyenet report first second first'
unchanged 'eyenet report first nosuch'
unchanged 'eyenet report first second --screening'
unchanged 'eyenet report first second --charts charts'
unchanged 'eyenet report first second --checklist claim'
unchanged 'eyenet report first second --mistakes 3'
unchanged 'eyenet report first second --data'
unchanged 'eyenet report first second -o eyenet.db'
unchanged 'eyenet report first second --format md -o compared.html'
